"""Tokens between the parts of RAPPIT: JWTs, signed with EdDSA and nothing else.

                  typ                    iss       aud        signed by             says
    access        rappit-access+jwt      identity  gateway    identity              person, session, organisation
    internal      rappit-internal+jwt    identity  a service  identity              the same, and permissions
    service       rappit-service+jwt     a service a service  that service's key    organisation, if any, and cause

Internal and service tokens live a minute. A service token has no permissions: it opens the RPCs that list its name.
"""

import hashlib
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from jwt.types import Options

from chassis.errors import NotAuthenticated
from chassis.fetched_keys import Fetch, FetchedKeys
from chassis.keys import private_key, public_keys
from chassis.rpc.context import Caller

IDENTITY = "identity"
ACCESS_TYPE = "rappit-access+jwt"
INTERNAL_TYPE = "rappit-internal+jwt"
SERVICE_TYPE = "rappit-service+jwt"

LIFE_SECONDS = 60
# How far the clocks of two machines may be apart.
LEEWAY_SECONDS = 5
_ALGORITHM = "EdDSA"
_HEADERS = {"alg", "typ", "kid"}
_LONGEST_TOKEN = 8192
_MOST_CACHED = 10_000
# A signed token is used again while it will live at least this long.
_LEAST_LEFT_SECONDS = 20

_jwt = jwt.PyJWT()
# Times are checked here, against a clock that is given.
_OPTIONS: Options = {
    "require": ["iss", "aud", "sub", "iat", "exp"],
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
    "strict_aud": True,
}


def sign(claims: Mapping[str, Any], key: Ed25519PrivateKey, *, kid: str, typ: str) -> str:
    """A token with these claims; the caller sets them all."""
    return _jwt.encode(dict(claims), key, algorithm=_ALGORITHM, headers={"kid": kid, "typ": typ})


def type_and_key_id(token: str) -> tuple[str, str]:
    """What a token says it is and who signed it, not verified yet. Raises NotAuthenticated."""
    if len(token) > _LONGEST_TOKEN:
        raise NotAuthenticated("the token is too long")
    try:
        header = jwt.get_unverified_header(token)
    except jwt.PyJWTError:
        raise NotAuthenticated("the token is malformed") from None
    # `jwk`, `jku`, `x5u` would bring a key of the sender's own, `crit` a rule that is not known here.
    if set(header) != _HEADERS or header["alg"] != _ALGORITHM:
        raise NotAuthenticated("the token is not of a kind that is accepted")
    return str(header["typ"]), str(header["kid"])


def verified_claims(
    token: str, key: Ed25519PublicKey | None, *, issuer: str, audience: str, longest_life: int, now: float
) -> dict[str, Any]:
    """The claims of a token that this key signed, for this audience, alive at `now`. Raises NotAuthenticated."""
    if key is None:
        raise NotAuthenticated("the token is signed with an unknown key")
    try:
        claims = _jwt.decode(token, key, algorithms=[_ALGORITHM], audience=audience, issuer=issuer, options=_OPTIONS)
    except jwt.InvalidAudienceError:
        raise NotAuthenticated("the token is for another service") from None
    except jwt.InvalidSignatureError:
        raise NotAuthenticated("the token is forged") from None
    except jwt.PyJWTError:
        raise NotAuthenticated("the token is malformed, or of another issuer") from None
    issued, expires = claims["iat"], claims["exp"]
    if type(issued) is not int or type(expires) is not int or not 0 < expires - issued <= longest_life:
        raise NotAuthenticated("the token lives too long")
    if issued > now + LEEWAY_SECONDS:
        raise NotAuthenticated("the token is of the future: clocks differ")
    if expires <= now - LEEWAY_SECONDS:
        raise NotAuthenticated("the token is expired")
    return claims


class ServiceSigner:
    """Signs the tokens with which a service calls others without a user."""

    def __init__(self, service: str, key_file: Path, *, now: Callable[[], float] = time.time) -> None:
        self.service = service
        self._key = private_key(key_file.read_bytes())
        self._now = now
        self._signed: dict[tuple[str, UUID | None, str], tuple[str, float]] = {}

    def sign(self, callee: str, organization: UUID | None = None, cause: str = "") -> str:
        """A token for one callee; the same again while it is fresh. `cause`: id of an event, name of an RPC or job."""
        wanted = (callee, organization, cause)
        now = self._now()
        token, expires = self._signed.get(wanted, ("", 0.0))
        # Also the other way round: a clock that was set back would else keep a token that is of the future elsewhere.
        if not _LEAST_LEFT_SECONDS <= expires - now <= LIFE_SECONDS:
            issued = int(now)
            expires = issued + LIFE_SECONDS
            claims: dict[str, Any] = {"iss": self.service, "sub": self.service, "aud": callee, "cause": cause}
            claims |= {"iat": issued, "exp": expires, **({"org": str(organization)} if organization else {})}
            token = sign(claims, self._key, kid=self.service, typ=SERVICE_TYPE)
            self._signed.pop(wanted, None)
            self._signed[wanted] = token, expires
            if len(self._signed) > _MOST_CACHED:
                del self._signed[next(iter(self._signed))]
        return token


class TokenVerifier:
    """Says who a caller is by his token: a person's internal token or another service's.

    Verifying costs 100-200 microseconds, so a verified token is remembered by its digest, until it expires, on a clock
    that nobody sets.
    """

    def __init__(
        self,
        service: str,
        public_keys_file: Path,
        identity_keys: Fetch,
        *,
        now: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """identity_keys: returns identity's key set as JSON text (its RPC GetJsonWebKeySet)."""
        self._service = service
        self._service_keys = public_keys(public_keys_file.read_text())
        self._identity_keys = FetchedKeys(IDENTITY, identity_keys, monotonic=monotonic)
        self._now = now
        self._monotonic = monotonic
        self._verified: dict[bytes, tuple[Caller, float]] = {}

    def remembered(self, token: str) -> Caller | None:
        """The caller if this very token was verified before and is alive."""
        found = self._verified.get(_digest(token))
        return found[0] if found and self._monotonic() < found[1] else None

    async def verify(self, token: str) -> Caller:
        """The caller. Raises NotAuthenticated; UnavailableForNow if the keys of a person's token cannot be had."""
        return self.remembered(token) or await self._verify(token)

    async def _verify(self, token: str) -> Caller:
        typ, key_id = type_and_key_id(token)
        if typ == INTERNAL_TYPE:
            claims = self._claims(token, await self._identity_keys.key(key_id), IDENTITY)
            caller = _person(claims)
        elif typ == SERVICE_TYPE:
            claims = self._claims(token, self._service_keys.get(key_id), key_id)
            caller = _service(claims)
        else:
            raise NotAuthenticated("the token is not of a kind that is accepted")
        life = min(claims["exp"] + LEEWAY_SECONDS - self._now(), LIFE_SECONDS)
        self._remember(_digest(token), caller, self._monotonic() + life)
        return caller

    def _claims(self, token: str, key: Ed25519PublicKey | None, issuer: str) -> dict[str, Any]:
        return verified_claims(
            token, key, issuer=issuer, audience=self._service, longest_life=LIFE_SECONDS, now=self._now()
        )

    def _remember(self, digest: bytes, caller: Caller, until: float) -> None:
        if len(self._verified) >= _MOST_CACHED:
            now = self._monotonic()
            self._verified = {key: entry for key, entry in self._verified.items() if entry[1] > now}
        if len(self._verified) >= _MOST_CACHED:
            del self._verified[next(iter(self._verified))]
        self._verified[digest] = caller, until


def _person(claims: Mapping[str, Any]) -> Caller:
    try:
        user = UUID(claims["sub"])
        permissions = claims["perms"]
        if not isinstance(permissions, list) or not all(isinstance(name, str) for name in permissions):
            raise TypeError
        return Caller(
            name=f"user:{user}",
            organization=UUID(claims["org"]),
            permissions=frozenset(permissions),
            user_id=user,
            session_id=UUID(claims["sid"]),
            impersonator=str(claims["act"]["sub"]) if "act" in claims else None,
        )
    except (KeyError, ValueError, TypeError, AttributeError):
        raise NotAuthenticated("the token lacks claims of a person") from None


def _service(claims: Mapping[str, Any]) -> Caller:
    if claims["sub"] != claims["iss"] or {"perms", "sid", "act"} & set(claims):
        raise NotAuthenticated("the token of a service has claims of a person")
    try:
        organization = UUID(claims["org"]) if "org" in claims else None
    except (ValueError, TypeError, AttributeError):
        raise NotAuthenticated("the token names no organisation by its id") from None
    return Caller(name=f"service:{claims['sub']}", organization=organization, cause=str(claims.get("cause", "")))


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
