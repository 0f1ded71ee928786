"""Refresh tokens: opaque, 256 bits; only their hash is kept."""

import hashlib
import secrets
from typing import NamedTuple

_BYTES = 32


class RefreshToken(NamedTuple):
    """A token as its holder has it, and as it is kept."""

    secret: str
    hash: bytes


def new_refresh_token() -> RefreshToken:
    """A token that nobody can guess."""
    secret = secrets.token_urlsafe(_BYTES)
    return RefreshToken(secret, hash_of(secret))


def hash_of(secret: str) -> bytes:
    """What is kept of a token. A plain hash will do: 256 random bits cannot be searched."""
    return hashlib.sha256(secret.encode()).digest()
