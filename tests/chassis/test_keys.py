"""Keys of services: made once, refused when everybody has them."""

import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chassis.keys import KeyRefused, key_set, make_key_files, new_private_key, private_key, public_jwk, public_keys


def test_one_command_makes_the_keys_of_an_installation(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "chassis.keys", str(tmp_path), "orders", "inventory"], check=True)

    keys = public_keys((tmp_path / "services.jwks").read_text())
    assert set(keys) == {"orders", "inventory"}
    assert keys["orders"] == private_key((tmp_path / "orders.pem").read_bytes()).public_key()
    assert (tmp_path / "master.keys").read_text().count(":") == 1
    assert {path.stat().st_mode & 0o077 for path in (tmp_path / "orders.pem", tmp_path / "master.keys")} == {0}


def test_made_again_the_keys_stay_and_a_new_service_is_added(tmp_path: Path) -> None:
    make_key_files(tmp_path, ["orders"])
    before = {path.name: path.read_text() for path in tmp_path.iterdir()}
    make_key_files(tmp_path, ["orders", "inventory"])

    assert (tmp_path / "orders.pem").read_text() == before["orders.pem"]
    assert (tmp_path / "master.keys").read_text() == before["master.keys"]
    assert set(public_keys((tmp_path / "services.jwks").read_text())) == {"orders", "inventory"}


def pem(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (b"", "no PEM"),
        (b"-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----", "no PEM"),
        (pem(generate_private_key(SECP256R1())), "no Ed25519"),  # type: ignore[arg-type]
        (pem(Ed25519PrivateKey.from_private_bytes(bytes(32))), "weak"),
        (pem(Ed25519PrivateKey.from_private_bytes(bytes(range(32)))), "weak"),
        (
            pem(
                Ed25519PrivateKey.from_private_bytes(
                    bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
                )
            ),
            "well-known",
        ),
    ],
)
def test_a_key_that_is_none_or_everybodys_is_refused(given: bytes, problem: str) -> None:
    """Trap 9."""
    with pytest.raises(KeyRefused, match=problem):
        private_key(given)


def test_a_key_set_passes_over_keys_of_other_kinds() -> None:
    ours = public_jwk("a", private_key(new_private_key()))
    theirs = {"kty": "RSA", "kid": "b", "n": "x", "e": "AQAB"}

    assert set(public_keys(key_set([ours, theirs]))) == {"a"}


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "eA"}]}', '{"keys": 7}']
)
def test_a_key_set_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(KeyRefused):
        public_keys(text)
