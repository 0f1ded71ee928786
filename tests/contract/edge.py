"""The gateway before the installed services, and everybody who comes to it."""

import time
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import httpx2
from google.protobuf.message import Message

from chassis.clock import SystemClock
from chassis.keys import new_private_key, private_key
from chassis.permissions import ROLES
from chassis.tokens import ACCESS_TYPE, INTERNAL_TYPE, sign
from gateway.rest.contract import Route
from identity.accounts.account import User
from identity.accounts.sql import credential_of, insert_user
from identity.organizations.change_state import change_state
from identity.organizations.organization import State
from identity.roles.role import Role
from identity.roles.sql import insert_membership
from rappit_client.transcoding import write_request
from tests.clients.test_every_rpc import RPCS
from tests.contract.another_organization import PASSWORD, AnotherOrganization
from tests.contract.installation import ALL_PERMISSIONS, Installation
from tests.gateway.conftest import Served
from tests.given.described_api import DescribedApi

CLOCK = SystemClock()


class Told(NamedTuple):
    """What a request was told: of an answer no reason."""

    status: int
    reason: str


class Stranger(NamedTuple):
    """Somebody who must not be let in: an Authorization header, and the refusal."""

    authorization: str | None
    refusal: Told


NOT_AUTHENTICATED = Told(401, "NOT_AUTHENTICATED")
TOKEN_INVALID = Told(401, "TOKEN_INVALID")


class Edge:
    """Asks the gateway; each answer is held against the document that it serves."""

    def __init__(self, installation: Installation, gateway: Served, described: DescribedApi) -> None:
        self.installation = installation
        self.gateway = gateway
        self.described = described

    async def ask(self, route: Route, request: Message, authorization: str | None) -> httpx2.Response:
        """The route's answer to this request. Raises ValueError for a request that no path can say."""
        written = write_request(RPCS[route.rpc], request)
        headers = {"Idempotency-Key": str(uuid4()), "Content-Type": "application/json"}
        answer = await self.gateway.http.request(
            written.method,
            written.target,
            content=written.body,
            headers=headers | ({"Authorization": authorization} if authorization else {}),
        )
        self.described.check(route.method, route.path, answer)
        return answer

    async def sign_in(self, email: str) -> str:
        """An access token of a new session."""
        body = {"email": email, "password": PASSWORD}
        answer = await self.gateway.http.post("/v1/sessions", json=body)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["tokens"]["accessToken"])


def told(answer: httpx2.Response) -> Told:
    """The status, and the reason of a refusal."""
    return Told(answer.status_code, answer.json()["reason"] if answer.status_code >= 400 else "")


class People:
    """Members of an organisation in each role, by their addresses, and strangers to it."""

    def __init__(self, edge: Edge, ours: AnotherOrganization) -> None:
        self._edge = edge
        self._ours = ours
        self.emails = {role: f"{role.lower()}-{ours.email}" for role in ROLES}
        self.leaving = {role: f"leaving-{role.lower()}-{ours.email}" for role in ROLES}
        self.tokens: dict[str, str] = {}
        self.strangers: dict[str, Stranger] = {}
        self.forgers: dict[str, Stranger] = {}

    async def come(self) -> None:
        """Everybody signs in, and some lose their access."""
        database = self._edge.installation.databases["identity"]
        async with database.transaction(self._ours.organization) as tx:
            admin = await credential_of(tx, self._ours.email)
            assert admin is not None
            for role, email in [*self.emails.items(), *self.leaving.items(), ("VIEWER", self._leaver)]:
                user = User(uuid4(), email, role)
                await insert_user(tx, user, admin.password_hash, CLOCK.now())
                await insert_membership(tx, user.id, Role[role], CLOCK.now())
        self.tokens = {role: f"Bearer {await self._edge.sign_in(email)}" for role, email in self.emails.items()}
        self.strangers = {
            "signed out": Stranger(None, NOT_AUTHENTICATED),
            "expired": self._forger(iat=int(time.time()) - 600, exp=int(time.time()) - 300),
            "with a token for a service": self._forger(aud="orders", typ=INTERNAL_TYPE, perms=ALL_PERMISSIONS),
            "whose session ended": Stranger(await self._signed_out(), TOKEN_INVALID),
            "suspended": Stranger(await self._suspended(), Told(403, "ORGANIZATION_NOT_ACTIVE")),
        }
        mint = self._edge.installation.mint
        service_token = mint.service_token("orders", "gateway", org=str(self._ours.organization))
        self.forgers = {
            "no bearer": Stranger("Basic c2FyYTpzYXJh", NOT_AUTHENTICATED),
            "a service": Stranger(f"Bearer {service_token}", TOKEN_INVALID),
            "for another audience": self._forger(aud="orders"),
            "of another issuer": self._forger(iss="orders"),
            "signed by a service": self._forger(mint.keys.private_key("orders"), "orders"),
            "signed by nobody": self._forger(private_key(new_private_key())),
            "that lives too long": self._forger(exp=int(time.time()) + 86_400),
            "of no session": self._forger(sid=str(uuid4())),
            "of another organization": self._forger(org=str(uuid4())),
            "no member any more": Stranger(await self._removed(), Told(403, "NOT_A_MEMBER")),
        }

    @property
    def _leaver(self) -> str:
        return f"leaver-{self._ours.email}"

    def _forger(self, key: Any = None, kid: str = "", typ: str = ACCESS_TYPE, **more: Any) -> Stranger:
        """Somebody with an access token of the organisation's admin that is good but for what is given."""
        mint, now = self._edge.installation.mint, int(time.time())
        claims = {
            "iss": "identity",
            "aud": "gateway",
            "sub": self._ours.ids["user_id"],
            "org": str(self._ours.organization),
            "sid": self._ours.ids["session_id"],
            "jti": str(uuid4()),
            "iat": now,
            "exp": now + 60,
            **more,
        }
        token = sign(claims, key or mint.identity_key, kid=kid or mint.key_id, typ=typ)
        return Stranger(f"Bearer {token}", TOKEN_INVALID)

    async def _signed_out(self) -> str:
        token = f"Bearer {await self._edge.sign_in(self.emails['VIEWER'])}"
        headers = {"Authorization": token, "Idempotency-Key": str(uuid4())}
        answer = await self._edge.gateway.http.post("/v1/sessions:signOut", headers=headers)
        assert answer.status_code == 200, answer.text
        await self._edge.gateway.parts.revocations.read()
        return token

    async def _removed(self) -> str:
        token = f"Bearer {await self._edge.sign_in(self._leaver)}"
        async with self._edge.installation.databases["identity"].transaction(self._ours.organization) as tx:
            await tx.execute("DELETE FROM memberships USING users WHERE user_id = id AND email = %s", (self._leaver,))
        return token

    async def _suspended(self) -> str:
        email = f"suspended-{self._ours.email}"
        body = {"organizationName": "Suspended", "email": email, "password": PASSWORD}
        headers = {"Idempotency-Key": str(uuid4())}
        made = await self._edge.gateway.http.post("/v1/accounts:signUp", json=body, headers=headers)
        token = f"Bearer {await self._edge.sign_in(email)}"
        organization = UUID(made.json()["organization"]["id"])
        async with self._edge.installation.databases["identity"].transaction(organization) as tx:
            await change_state(tx, CLOCK, State.SUSPENDED, "unpaid", "a test")
        return token
