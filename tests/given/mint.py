"""Tokens as identity and the services sign them, without an identity."""

import time
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chassis.keys import key_set, new_private_key, private_key, public_jwk
from chassis.tokens import INTERNAL_TYPE, SERVICE_TYPE, TokenVerifier, sign
from tests.given.service_keys import ServiceKeys

IDENTITY_KEY_ID = "2026-11"


class Mint:
    """Signs with the services' keys, and for people with a key that it gives out as identity's."""

    def __init__(
        self, keys: ServiceKeys, identity_key: Ed25519PrivateKey | None = None, key_id: str = IDENTITY_KEY_ID
    ) -> None:
        """identity_key: the key of an identity that serves; without one there is a key of the test's own."""
        self.keys = keys
        self.identity_key = identity_key or private_key(new_private_key())
        self.key_id = key_id
        self.fetches = 0

    async def identity_keys(self) -> str:
        """What identity answers to GetJsonWebKeySet."""
        self.fetches += 1
        return key_set([public_jwk(self.key_id, self.identity_key)])

    def verifier(self, service: str) -> TokenVerifier:
        """Verifies for this service."""
        return TokenVerifier(service, self.keys.public_keys_file, self.identity_keys)

    def internal_token(
        self, audience: str, *permissions: str, organization: UUID | None = None, user: UUID | None = None, **more: Any
    ) -> str:
        """A person's token for one service. `more` adds claims or replaces them; a claim of None is left out."""
        issued = int(time.time())
        claims = {
            "iss": "identity",
            "aud": audience,
            "sub": str(user or uuid4()),
            "org": str(organization or uuid4()),
            "sid": str(uuid4()),
            "perms": list(permissions),
            "jti": str(uuid4()),
            "iat": issued,
            "exp": issued + 60,
            **more,
        }
        said = {name: value for name, value in claims.items() if value is not None}
        return sign(said, self.identity_key, kid=self.key_id, typ=INTERNAL_TYPE)

    def service_token(self, service: str, callee: str, *, key_of: str = "", **more: Any) -> str:
        """A service's token, signed with the key of `key_of` if that is another."""
        issued = int(time.time())
        claims = {"iss": service, "sub": service, "aud": callee, "cause": "a test", "iat": issued, "exp": issued + 60}
        key = private_key(self.keys.key_file(key_of or service).read_bytes())
        return sign({**claims, **more}, key, kid=service, typ=SERVICE_TYPE)


@pytest.fixture
def mint(service_keys: ServiceKeys) -> Mint:
    """Tokens of people and services."""
    return Mint(service_keys)
