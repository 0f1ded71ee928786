"""Keys: each service's Ed25519 pair, the set of all public ones (JWKS, RFC 7517), the master keys that seal secrets.

`python -m chassis.keys FOLDER SERVICE...` makes what is missing in a folder: `<service>.pem` for each, `services.jwks`,
`master.keys`. What is there already is kept, so a new service is added by running it again.
"""

import base64
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from secrets import token_bytes, token_hex
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

KEY_SET_FILE = "services.jwks"
MASTER_KEY_FILE = "master.keys"
_FEWEST_DIFFERENT_BYTES = 12
# Private keys of the examples in RFC 8032 (7.1) and RFC 8037 (A.1), which everybody has.
_WELL_KNOWN = frozenset(
    {
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
    }
)


class KeyRefused(ValueError):
    """A key that is missing, unreadable, weak or well known. It says what is wrong and never quotes the key."""


def new_private_key() -> bytes:
    """A new Ed25519 private key as PEM."""
    return Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def private_key(pem: bytes) -> Ed25519PrivateKey:
    """The key in a PEM. Raises KeyRefused."""
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise KeyRefused("is no PEM of a private key without a passphrase") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyRefused("is no Ed25519 key")
    refuse_weak(key.private_bytes_raw())
    return key


def refuse_weak(secret: bytes) -> None:
    """Raises KeyRefused for 32 bytes that nobody drew at random, or that everybody has."""
    if len(set(secret)) < _FEWEST_DIFFERENT_BYTES or len({(b - a) % 256 for a, b in pairwise(secret)}) == 1:
        raise KeyRefused("is weak: its bytes follow a pattern")
    if secret.hex() in _WELL_KNOWN:
        raise KeyRefused("is a well-known example")


def public_jwk(kid: str, key: Ed25519PrivateKey) -> dict[str, str]:
    """The public half as a JSON Web Key."""
    x = base64.urlsafe_b64encode(key.public_key().public_bytes_raw()).decode().rstrip("=")
    return {"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": kid, "x": x}


def key_set(keys: Iterable[Mapping[str, str]]) -> str:
    """The JSON text of a key set."""
    return json.dumps({"keys": list(keys)}, indent=2) + "\n"


def public_keys(text: str) -> dict[str, Ed25519PublicKey]:
    """Key id -> Ed25519 key of a key set; keys of other kinds are passed over. Raises KeyRefused."""
    try:
        entries: list[dict[str, Any]] = json.loads(text)["keys"]
        return {
            str(entry["kid"]): Ed25519PublicKey.from_public_bytes(
                base64.urlsafe_b64decode(entry["x"] + "=" * (-len(entry["x"]) % 4))
            )
            for entry in entries
            if entry.get("kty") == "OKP" and entry.get("crv") == "Ed25519"
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        raise KeyRefused("is no JSON Web Key Set of Ed25519 keys") from None


def new_master_key() -> str:
    """A line for the file of master keys. Put in front it becomes the current one; the others go on opening."""
    return f"{token_hex(4)}:{base64.b64encode(token_bytes(32)).decode()}"


def make_key_files(folder: Path, services: Sequence[str]) -> None:
    """Make the keys of an installation that are not yet in the folder. The key set names exactly these services."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    jwks = []
    for service in services:
        path = folder / f"{service}.pem"
        if not path.exists():
            _write_secret(path, new_private_key())
        jwks.append(public_jwk(service, private_key(path.read_bytes())))
    (folder / KEY_SET_FILE).write_text(key_set(jwks))
    if not (folder / MASTER_KEY_FILE).exists():
        _write_secret(folder / MASTER_KEY_FILE, f"{new_master_key()}\n".encode())


def _write_secret(path: Path, content: bytes) -> None:
    """Whole or not at all, and readable by its owner only."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.touch(mode=0o600)
    fresh.write_bytes(content)
    fresh.replace(path)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit("usage: python -m chassis.keys FOLDER SERVICE...")
    make_key_files(Path(sys.argv[1]), sys.argv[2:])
