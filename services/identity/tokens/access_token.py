"""Access tokens: what a person shows to the gateway. A JWT that says who, where and in which session, and no more."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from chassis.errors import NotAuthenticated
from chassis.tokens import ACCESS_TYPE, IDENTITY, sign, type_and_key_id, verified_claims
from identity.errors import TokenInvalid
from identity.tokens.signing_key import SigningKey

AUDIENCE = "gateway"
LIFE = timedelta(minutes=5)

EXPIRED = "the token is expired"
OF_ANOTHER_KIND = "the token is no access token"


@dataclass(frozen=True, slots=True)
class AccessToken:
    """What an access token says. It ends at a whole second."""

    user_id: UUID
    organization_id: UUID
    session_id: UUID
    expire_time: datetime


def encode_access_token(key: SigningKey, token_id: UUID, token: AccessToken, now: datetime) -> str:
    """The signed text of a token."""
    claims = {
        "iss": IDENTITY,
        "aud": AUDIENCE,
        "sub": str(token.user_id),
        "org": str(token.organization_id),
        "sid": str(token.session_id),
        "jti": str(token_id),
        "iat": int(now.timestamp()),
        "exp": int(token.expire_time.timestamp()),
    }
    return sign(claims, key.private_key, kid=key.id, typ=ACCESS_TYPE)


def decode_access_token(text: str, keys: Mapping[str, Ed25519PublicKey], now: datetime) -> AccessToken:
    """What a token says that one of the keys signed, and that has not ended. Raises TokenInvalid."""
    life, seconds = int(LIFE.total_seconds()), now.timestamp()
    try:
        kind, key_id = type_and_key_id(text)
        if kind != ACCESS_TYPE:
            raise TokenInvalid(OF_ANOTHER_KIND)
        claims = verified_claims(
            text, keys.get(key_id), issuer=IDENTITY, audience=AUDIENCE, longest_life=life, now=seconds
        )
    except NotAuthenticated as refusal:
        raise TokenInvalid(refusal.facts["problem"]) from None
    # Identity made it by its own clock: no leeway, as there is between the clocks of two machines.
    if claims["exp"] <= seconds:
        raise TokenInvalid(EXPIRED)
    return AccessToken(
        user_id=UUID(claims["sub"]),
        organization_id=UUID(claims["org"]),
        session_id=UUID(claims["sid"]),
        expire_time=datetime.fromtimestamp(claims["exp"], UTC),
    )
