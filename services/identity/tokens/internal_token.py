"""Internal tokens: what one service accepts of a person, for a minute, with all that the person's role permits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from chassis.tokens import IDENTITY, INTERNAL_TYPE, LIFE_SECONDS, sign
from identity.tokens.access_token import AccessToken
from identity.tokens.signing_key import SigningKey

LIFE = timedelta(seconds=LIFE_SECONDS)


@dataclass(frozen=True, slots=True)
class InternalToken:
    """A token for one service: its text, and when it ends."""

    text: str
    expire_time: datetime


def internal_token(
    access: AccessToken, audience: str, permissions: Iterable[str], *, key: SigningKey, token_id: UUID, now: datetime
) -> InternalToken:
    """A signed token. It ends a minute from now, and never after the access token; at a whole second, as it says."""
    expire_time = min(now.replace(microsecond=0) + LIFE, access.expire_time)
    claims = {
        "iss": IDENTITY,
        "aud": audience,
        "sub": str(access.user_id),
        "org": str(access.organization_id),
        "sid": str(access.session_id),
        "perms": sorted(permissions),
        "jti": str(token_id),
        "iat": int(now.timestamp()),
        "exp": int(expire_time.timestamp()),
    }
    return InternalToken(sign(claims, key.private_key, kid=key.id, typ=INTERNAL_TYPE), expire_time)
