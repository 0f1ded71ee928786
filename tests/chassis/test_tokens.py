"""Tokens: EdDSA and nothing else, for one audience, for a minute, on any clock."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chassis.errors import NotAuthenticated
from chassis.keys import new_private_key, private_key
from chassis.rpc.context import Caller
from chassis.tokens import INTERNAL_TYPE, LEEWAY_SECONDS, LIFE_SECONDS, SERVICE_TYPE, ServiceSigner, TokenVerifier, sign
from tests.given.mint import IDENTITY_KEY_ID, Mint


class Times:
    """The wall clock, which may be set, and the one that may not."""

    def __init__(self) -> None:
        self.wall = time.time()
        self.monotonic = 1000.0

    def go_on(self, seconds: float) -> None:
        self.wall += seconds
        self.monotonic += seconds


@pytest.fixture
def times() -> Times:
    """A clock of the test's own."""
    return Times()


@pytest.fixture
def verifier(mint: Mint, times: Times) -> TokenVerifier:
    """Inventory's verifier."""
    return TokenVerifier(
        "inventory",
        mint.keys.public_keys_file,
        mint.identity_keys,
        now=lambda: times.wall,
        monotonic=lambda: times.monotonic,
    )


def forged(header: dict[str, Any], claims: dict[str, Any], key: bytes = b"") -> str:
    """A token with any header, signed by HMAC, if at all."""

    def part(value: dict[str, Any]) -> bytes:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=")

    signed = part(header) + b"." + part(claims)
    signature = hmac.new(key, signed, hashlib.sha256).digest() if key else b""
    return (signed + b"." + base64.urlsafe_b64encode(signature).rstrip(b"=")).decode()


async def refuses(verifier: TokenVerifier, token: str) -> str:
    """Why the token is refused."""
    with pytest.raises(NotAuthenticated) as caught:
        await verifier.verify(token)
    assert len(token) < 10 or token not in str(caught.value)
    return caught.value.facts["problem"]


async def test_a_good_token_is_a_caller(mint: Mint, verifier: TokenVerifier) -> None:
    assert isinstance(await verifier.verify(mint.internal_token("inventory")), Caller)
    assert isinstance(await verifier.verify(mint.service_token("orders", "inventory")), Caller)


@pytest.mark.parametrize(
    "wrong",
    [
        {"aud": "orders"},
        {"aud": None},
        {"iss": "orders"},
        {"iss": None},
        {"exp": None},
        {"iat": None},
        {"sub": "omar"},
        {"org": None},
        {"org": "acme"},
        {"sid": None},
        {"perms": None},
        {"perms": "items.read"},
        {"perms": [1]},
        {"exp": int(time.time()) + 3600},
        {"exp": time.time() + 30.5},
        {"exp": True},
        {"iat": int(time.time()) + 86_400, "exp": int(time.time()) + 86_430},
        {"iat": int(time.time()) - 100, "exp": int(time.time()) - 50},
        {"act": "omar"},
    ],
)
async def test_a_token_with_a_wrong_claim_is_refused(
    mint: Mint, verifier: TokenVerifier, wrong: dict[str, Any]
) -> None:
    await refuses(verifier, mint.internal_token("inventory", "items.read", **wrong))


async def test_only_eddsa_is_accepted(mint: Mint, verifier: TokenVerifier) -> None:
    """Not `none`, and not an HMAC over the public key, which everybody has."""
    claims = jwt.decode(mint.internal_token("inventory"), options={"verify_signature": False})
    public = mint.identity_key.public_key().public_bytes_raw()
    for algorithm, key in (("none", b""), ("HS256", public), ("EdDSA", public)):
        header = {"alg": algorithm, "typ": INTERNAL_TYPE, "kid": IDENTITY_KEY_ID}
        await refuses(verifier, forged(header, claims, key))


@pytest.mark.parametrize("more", [{"jwk": {"kty": "OKP"}}, {"jku": "https://x"}, {"crit": ["b64"], "b64": False}])
async def test_a_token_that_brings_its_own_key_or_rule_is_refused(
    mint: Mint, verifier: TokenVerifier, more: dict[str, Any]
) -> None:
    claims = jwt.decode(mint.internal_token("inventory"), options={"verify_signature": False})
    header = {"alg": "EdDSA", "typ": INTERNAL_TYPE, "kid": IDENTITY_KEY_ID, **more}
    await refuses(verifier, forged(header, claims, b"key"))


async def test_a_token_is_of_the_type_that_it_says(mint: Mint, verifier: TokenVerifier) -> None:
    """An access token is for the gateway, and a service cannot make itself a person."""
    claims = jwt.decode(mint.internal_token("inventory"), options={"verify_signature": False})
    orders = private_key(mint.keys.key_file("orders").read_bytes())
    assert "kind" in await refuses(verifier, signed(claims, mint.identity_key, "rappit-access+jwt", IDENTITY_KEY_ID))
    assert "kind" in await refuses(verifier, signed(claims, mint.identity_key, "JWT", IDENTITY_KEY_ID))
    assert "unknown key" in await refuses(verifier, signed(claims, orders, INTERNAL_TYPE, "orders"))
    assert "unknown key" in await refuses(verifier, signed(claims, mint.identity_key, SERVICE_TYPE, IDENTITY_KEY_ID))


async def test_a_forged_signature_is_refused(mint: Mint, verifier: TokenVerifier) -> None:
    claims = jwt.decode(mint.internal_token("inventory"), options={"verify_signature": False})
    other = private_key(new_private_key())
    assert "forged" in await refuses(verifier, signed(claims, other, INTERNAL_TYPE, IDENTITY_KEY_ID))
    assert "unknown key" in await refuses(verifier, signed(claims, other, INTERNAL_TYPE, "2027-01"))


@pytest.mark.parametrize("token", ["", "a", "a.b.c", "..", "ü.ü.ü", "e30.e30.e30", "x" * 10_000])
async def test_what_is_no_token_is_refused(verifier: TokenVerifier, token: str) -> None:
    await refuses(verifier, token)


async def test_a_token_is_not_read_past_a_length(mint: Mint, verifier: TokenVerifier) -> None:
    """Whoever has a key could else keep the loop busy with one call."""
    long = mint.internal_token("inventory", *[f"permission.{number}" for number in range(1000)])

    assert "too long" in await refuses(verifier, long)


async def test_a_token_dies_in_time_though_it_is_remembered(mint: Mint, verifier: TokenVerifier, times: Times) -> None:
    token = mint.internal_token("inventory")
    await verifier.verify(token)
    assert verifier.remembered(token)
    times.go_on(LIFE_SECONDS + LEEWAY_SECONDS + 1)

    assert verifier.remembered(token) is None
    assert "expired" in await refuses(verifier, token)


async def test_a_clock_that_is_set_back_keeps_no_token_alive(mint: Mint, verifier: TokenVerifier, times: Times) -> None:
    """Trap 38. A remembered token ends by the clock that nobody sets; one that comes from the future is refused."""
    token = mint.internal_token("inventory")
    await verifier.verify(token)
    times.wall -= 3600
    times.monotonic += LIFE_SECONDS + 1

    assert verifier.remembered(token) is None
    assert "clocks differ" in await refuses(verifier, token)


async def test_memory_of_tokens_is_bounded(
    mint: Mint, verifier: TokenVerifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chassis.tokens._MOST_CACHED", 3)
    tokens = [mint.internal_token("inventory") for _ in range(5)]
    for token in tokens:
        await verifier.verify(token)

    assert [bool(verifier.remembered(token)) for token in tokens] == [False, False, True, True, True]


def test_a_service_signs_once_while_its_token_is_fresh(mint: Mint, times: Times) -> None:
    signer = ServiceSigner("orders", mint.keys.key_file("orders"), now=lambda: times.wall)
    organization = uuid4()
    first = signer.sign("inventory", organization, "event 1")
    times.go_on(30)
    assert signer.sign("inventory", organization, "event 1") == first
    others = {signer.sign("inventory", None, "event 1"), signer.sign("identity", organization, "event 1")}
    times.go_on(15)
    later = signer.sign("inventory", organization, "event 1")

    assert first not in others
    assert later != first
    claims = jwt.decode(later, options={"verify_signature": False})
    assert claims["exp"] - claims["iat"] == LIFE_SECONDS
    assert (claims["iss"], claims["sub"], claims["aud"], claims["org"], claims["cause"]) == (
        "orders",
        "orders",
        "inventory",
        str(organization),
        "event 1",
    )


@pytest.mark.parametrize("jump", [-3600, 3600])
def test_a_service_signs_anew_when_its_clock_was_set(mint: Mint, times: Times, jump: float) -> None:
    """Trap 38."""
    signer = ServiceSigner("orders", mint.keys.key_file("orders"), now=lambda: times.wall)
    before = signer.sign("inventory")
    times.wall += jump

    assert signer.sign("inventory") != before


def signed(claims: dict[str, Any], key: Ed25519PrivateKey, typ: str, kid: str) -> str:
    return sign(claims, key, kid=kid, typ=typ)
