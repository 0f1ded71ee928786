"""Versions over HTTP: the `etag` of a message as the header ETag, and the conditions on it (RFC 9110, 13.1)."""

import re

from chassis.errors import InvalidRequest

_ETAG = re.compile(rb'(?:"([\x21\x23-\x7e]{1,200})"|([A-Za-z0-9_-]{1,200}))')
_LISTED = re.compile(rb'(?:W/)?"([\x21\x23-\x7e]*)"|([A-Za-z0-9_-]+)')


def required_etag(if_match: bytes) -> str:
    """The etag that must still hold; empty for any, and for no header. Raises InvalidRequest for a list, a weak one."""
    if if_match in (b"", b"*"):
        return ""
    match = _ETAG.fullmatch(if_match.strip())
    if match is None:
        raise InvalidRequest('If-Match: must be one etag, for example "7"')
    return (match[1] or match[2]).decode()


def not_modified(if_none_match: bytes, etag: str) -> bool:
    """Whether the caller has what would be answered. Weak and strong are the same here; a list names any of them."""
    if if_none_match.strip() == b"*":
        return bool(etag)
    return any((match[1] or match[2]) == etag.encode() for match in _LISTED.finditer(if_none_match) if etag)
