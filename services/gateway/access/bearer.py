"""The access token of a request: `Authorization: Bearer <token>` (RFC 6750)."""

import re

from chassis.errors import NotAuthenticated

LONGEST_TOKEN = 8_192
# Three parts of base64url, as RFC 7519 writes a signed token. Whether it is good is for identity to say.
_TOKEN = re.compile(rb"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")


def bearer_token(authorization: bytes) -> str:
    """The token in the header's value. Raises NotAuthenticated, which never quotes it."""
    scheme, _, token = authorization.partition(b" ")
    if not authorization:
        raise NotAuthenticated("the request has no Authorization header")
    if scheme.lower() != b"bearer":
        raise NotAuthenticated("the Authorization header is no Bearer token")
    token = token.strip()
    if len(token) > LONGEST_TOKEN or not _TOKEN.fullmatch(token):
        raise NotAuthenticated("the token is malformed")
    return token.decode()
