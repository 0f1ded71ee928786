"""What a person gets for signing in or refreshing: an access token and a refresh token of the session."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from identity.sessions.sign_in import OpenSession
from identity.tokens.access_token import LIFE, AccessToken, encode_access_token
from identity.tokens.signing_key import SigningKey


@dataclass(frozen=True, slots=True)
class SessionTokens:
    """Both tokens, with what the access token says."""

    access_token: str
    access: AccessToken
    refresh_token: str
    refresh_expire_time: datetime


def session_tokens(opened: OpenSession, key: SigningKey, token_id: UUID, now: datetime) -> SessionTokens:
    """The tokens of a session; the access token never outlives it."""
    session = opened.session
    ends = min(now.replace(microsecond=0) + LIFE, session.expire_time)
    access = AccessToken(session.user_id, opened.organization, session.id, ends)
    return SessionTokens(
        access_token=encode_access_token(key, token_id, access, now),
        access=access,
        refresh_token=opened.refresh_token,
        refresh_expire_time=session.expire_time,
    )
