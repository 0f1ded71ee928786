"""The keys that sign identity's tokens (Ed25519), and the set of their public halves (RFC 7517).

Several may be good at once: the newest whose sign time has come signs, and all that are not retired verify. How one
follows another is told in rotate_signing_key.py.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from chassis.keys import key_set, public_jwk

# How long replicas of identity and its callers may work with the keys they read last.
CACHE_LIFE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key pair and the time in which it is of use. The private half is never shown."""

    id: str
    private_key: Ed25519PrivateKey
    sign_time: datetime
    retire_time: datetime | None

    def __repr__(self) -> str:
        return f"SigningKey({self.id})"


def verifying_keys(keys: Iterable[SigningKey], now: datetime) -> dict[str, Ed25519PublicKey]:
    """What tokens may be verified with, by key id."""
    return {key.id: key.private_key.public_key() for key in _not_retired(keys, now)}


def current_key(keys: Iterable[SigningKey], now: datetime) -> SigningKey:
    """The key that signs now. A clock that is behind finds none whose time has come: then it is the first.

    Raises LookupError when all are retired.
    """
    good = sorted(_not_retired(keys, now), key=lambda key: (key.sign_time, key.id))
    if not good:
        raise LookupError("every signing key is retired")
    return max((key for key in good if key.sign_time <= now), key=good.index, default=good[0])


def json_web_key_set(keys: Iterable[SigningKey], now: datetime) -> str:
    """The public keys as JSON text, those that do not sign yet among them."""
    return key_set(public_jwk(key.id, key.private_key) for key in _not_retired(keys, now))


def _not_retired(keys: Iterable[SigningKey], now: datetime) -> list[SigningKey]:
    return [key for key in keys if key.retire_time is None or now < key.retire_time]
