"""Pages of a list: an opaque token says after which row the next page begins, and for which filters it was made.

A token is neither secret nor trusted. It holds the last row's sort key and a digest over it and the filters, so that a
token of another list or with other filters is refused; whose rows a page shows is decided by the database's policies.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

from chassis.errors import PageTokenInvalid

DEFAULT_SIZE = 50
LARGEST_SIZE = 200
_DIGEST_BYTES = 9
_LONGEST_TOKEN = 2000
_LARGEST_NUMBER = 2**63

Key: TypeAlias = str | int | UUID | datetime


class Page(NamedTuple):
    """What to read: at most `size` rows, those after the sort key `after`; None means from the start."""

    size: int
    after: tuple[Any, ...] | None


def page_from(page_size: int, page_token: str, filters: str, keys: Sequence[type[Key]] | None = None) -> Page:
    """The page that a list request asks for. Raises PageTokenInvalid.

    filters: the same text that went into `next_token`: what the list is and what it is narrowed to.
    keys: the types of the sort key's parts; with them no forged token can bring another type into a query.
    """
    size = min(page_size, LARGEST_SIZE) if page_size > 0 else DEFAULT_SIZE
    if not page_token:
        return Page(size, None)
    after = _decode(page_token, filters)
    if keys is not None and tuple(map(type, after)) != tuple(keys):
        raise PageTokenInvalid
    return Page(size, after)


def next_token(filters: str, *keyset: Key) -> str:
    """The token of the page after the row with this sort key."""
    body = json.dumps([_to_json(key) for key in keyset], separators=(",", ":"), ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(_digest(filters, body) + body).decode().rstrip("=")


def _decode(token: str, filters: str) -> tuple[Key, ...]:
    if len(token) > _LONGEST_TOKEN:
        raise PageTokenInvalid
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        digest, body = raw[:_DIGEST_BYTES], raw[_DIGEST_BYTES:]
        if digest != _digest(filters, body):
            raise PageTokenInvalid
        values = json.loads(body)
        if not isinstance(values, list):
            raise PageTokenInvalid
        return tuple(map(_from_json, values))
    except (binascii.Error, ValueError, TypeError, OverflowError, RecursionError):
        raise PageTokenInvalid from None


def _digest(filters: str, body: bytes) -> bytes:
    return hashlib.blake2b(filters.encode() + b"\0" + body, digest_size=_DIGEST_BYTES).digest()


def _to_json(key: Key) -> object:
    if isinstance(key, UUID):
        return {"id": key.hex}
    if isinstance(key, datetime):
        return {"time": key.astimezone(UTC).isoformat()}
    return key


def _from_json(value: Any) -> Key:
    """One part of the sort key, as a database takes it: PostgreSQL has no NUL in texts and no number past 64 bits."""
    match value:
        case {"id": str(text)}:
            return UUID(text)
        case {"time": str(text)}:
            return datetime.fromisoformat(text).astimezone(UTC)
        case str(text) if "\0" not in text:
            text.encode()  # raises ValueError for half a surrogate pair
            return text
        case bool():
            raise PageTokenInvalid
        case int(number) if -_LARGEST_NUMBER <= number < _LARGEST_NUMBER:
            return number
    raise PageTokenInvalid
