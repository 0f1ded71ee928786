"""Tokens of invitations: where they lead and 256 bits that nobody guesses. Only a hash of them is kept."""

import base64
import binascii
import hashlib
import secrets
from typing import NamedTuple
from uuid import UUID

from identity.errors import InvitationNotFound

_SECRET_BYTES = 32
_ID_BYTES = 16


class InvitationToken(NamedTuple):
    """A token as its holder has it, the organisation that it leads to, and what is kept of it."""

    text: str
    organization: UUID
    hash: bytes

    @property
    def accept_path(self) -> str:
        """The link's path. Browsers send nothing behind the # to a server: it stands in no access log."""
        return f"/invitations/accept#{self.text}"


def new_invitation_token(organization: UUID) -> InvitationToken:
    """A token that nobody can guess."""
    raw = organization.bytes + secrets.token_bytes(_SECRET_BYTES)
    text = base64.urlsafe_b64encode(raw).decode()
    return InvitationToken(text, organization, hashlib.sha256(raw).digest())


def read_invitation_token(text: str) -> InvitationToken:
    """What a text says that may be a token. Raises InvitationNotFound."""
    try:
        raw = base64.b64decode(text, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise InvitationNotFound from None
    if len(raw) != _ID_BYTES + _SECRET_BYTES:
        raise InvitationNotFound
    return InvitationToken(text, UUID(bytes=raw[:_ID_BYTES]), hashlib.sha256(raw).digest())
