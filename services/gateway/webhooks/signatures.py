"""Signatures of deliveries: HMAC-SHA256 over the raw body, sent as base64 (shopify.dev, "Verify deliveries")."""

import binascii
import hmac
from collections.abc import Iterable

DIGEST_BYTES = 32


def decode(value: bytes | None) -> bytes | None:
    """The digest that a header's value carries, or None when it can be no signature.

    Only the one spelling that base64 has for it counts: decoders pass over stray characters and over the two bits
    that the last character has too many, so that several values would stand for one digest.
    """
    if not value:
        return None
    try:
        digest = binascii.a2b_base64(value, strict_mode=True)
    except ValueError:
        return None
    if len(digest) != DIGEST_BYTES or binascii.b2a_base64(digest, newline=False) != value:
        return None
    return digest


def is_signed(body: bytes, digest: bytes, secrets: Iterable[bytes]) -> bool:
    """Whether one of the live secrets made the digest. After a rotation the old one may sign for up to an hour.

    An empty secret signs nothing: anybody can compute its signatures.
    """
    return any(secret and hmac.compare_digest(hmac.digest(secret, body, "sha256"), digest) for secret in secrets)
