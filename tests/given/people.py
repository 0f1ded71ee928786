"""Identity as it serves, and people who sign up and in through it.

`identity` is a server of its own for each test, over the worker's one database, with a clock that the test may move.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from uuid_utils.compat import uuid7

from chassis.database.pool import Database
from chassis.rpc.client import Peer
from chassis.rpc.origin import Origin
from chassis.sealing import Sealer
from identity.accounts.account import User
from identity.accounts.password_hasher import PasswordHasher
from identity.accounts.sql import insert_user
from identity.app import make_server
from identity.organizations.change_state import change_state
from identity.organizations.organization import State
from identity.roles.role import Role
from identity.roles.sql import insert_membership
from identity.settings import Settings
from identity.tokens.signing_key import SigningKey, current_key
from identity.tokens.signing_keys import SigningKeys
from rappit.identity.v1.accounts_pb2 import SignUpRequest, SignUpResponse
from rappit.identity.v1.accounts_pb2_grpc import AccountServiceStub
from rappit.identity.v1.events_pb2 import IdentityEvent
from rappit.identity.v1.invitations_pb2 import (
    AcceptInvitationRequest,
    AcceptInvitationResponse,
    CreateInvitationRequest,
    CreateInvitationResponse,
)
from rappit.identity.v1.invitations_pb2_grpc import InvitationServiceStub
from rappit.identity.v1.members_pb2_grpc import MemberServiceStub
from rappit.identity.v1.organizations_pb2_grpc import OrganizationServiceStub
from rappit.identity.v1.roles_pb2_grpc import RoleServiceStub
from rappit.identity.v1.sessions_pb2 import (
    RefreshSessionRequest,
    SessionTokens,
    SignInRequest,
    SignOutRequest,
)
from rappit.identity.v1.sessions_pb2_grpc import SessionServiceStub
from rappit.identity.v1.tokens_pb2 import ExchangeTokenRequest
from rappit.identity.v1.tokens_pb2_grpc import TokenServiceStub
from tests.given.postgres import DatabaseOf
from tests.given.service_keys import ServiceKeys

PASSWORD = "salmon kettle at dawn"
# The hash of none.
NO_PASSWORD = "$argon2id$v=19$m=47104,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


class MovableClock:
    """The machine's clock, `ahead` of its time."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def new_id(self) -> UUID:
        return uuid7()


@dataclass(frozen=True)
class Person:
    """Somebody with an account, and the tokens of their latest session, if they are signed in."""

    email: str
    password: str
    user_id: UUID
    organization: UUID
    tokens: SessionTokens


class Identity:
    """A serving identity, called as the gateway calls it."""

    def __init__(
        self, address: str, database: Database, owner_url: str, clock: MovableClock, keys: ServiceKeys
    ) -> None:
        self.address = address
        self.peer = peer = Peer("identity", address, keys.signer("gateway"))
        self.database = database
        self.owner_url = owner_url
        self.clock = clock
        self.keys = keys
        self.accounts = AccountServiceStub(peer.channel)
        self.sessions = SessionServiceStub(peer.channel)
        self.tokens = TokenServiceStub(peer.channel)
        self.roles = RoleServiceStub(peer.channel)
        self.members = MemberServiceStub(peer.channel)
        self.invitations = InvitationServiceStub(peer.channel)
        self.organizations = OrganizationServiceStub(peer.channel)

    async def sign_up(self, *, key: str | None = None, **fields: Any) -> SignUpResponse:
        """A new organisation with its first admin, under an address of its own unless one is given."""
        values = {"organization_name": "Souq al-Bahar", "email": new_email(), "password": PASSWORD, **fields}
        request = SignUpRequest(**values)
        return await self.peer.call(self.accounts.SignUp, request, idempotency_key=key or str(uuid4()))

    async def sign_in(
        self, email: str, password: str = PASSWORD, organization: str = "", origin: Origin | None = None
    ) -> SessionTokens:
        """The tokens of a new session."""
        request = SignInRequest(email=email, password=password, organization_id=organization)
        return (await self.peer.call(self.sessions.SignIn, request, origin=origin)).tokens

    async def refresh(self, refresh_token: str, origin: Origin | None = None) -> SessionTokens:
        """The next tokens of a session."""
        request = RefreshSessionRequest(refresh_token=refresh_token)
        return (await self.peer.call(self.sessions.RefreshSession, request, origin=origin)).tokens

    async def exchange(self, access_token: str, audience: str = "identity") -> str:
        """An internal token for one service."""
        request = ExchangeTokenRequest(subject_token=access_token, audience=audience)
        return (await self.peer.call(self.tokens.ExchangeToken, request)).token

    async def call(self, person: Person, method: Any, request: Any, *, key: str | None = None) -> Any:
        """What the person is answered, in their session; under a new idempotency key unless one is given."""
        token = await self.exchange(person.tokens.access_token)
        return await self.peer.call(method, request, token=token, idempotency_key=key or str(uuid4()))

    async def sign_out(self, person: Person) -> None:
        """End the person's session."""
        await self.call(person, self.sessions.SignOut, SignOutRequest())

    async def new_person(self, **fields: Any) -> Person:
        """The admin of a new organisation, signed in."""
        signed_up = await self.sign_up(**fields)
        password = fields.get("password", PASSWORD)
        return Person(
            email=signed_up.user.email,
            password=password,
            user_id=UUID(signed_up.user.id),
            organization=UUID(signed_up.organization.id),
            tokens=await self.sign_in(signed_up.user.email, password),
        )

    async def as_member(self, person: Person, host: Person, role: Role = Role.OPERATOR) -> Person:
        """The same person, made a member of the host's organisation and signed in there."""
        async with self.database.transaction(host.organization) as tx:
            await insert_membership(tx, person.user_id, role, self.clock.now())
        tokens = await self.sign_in(person.email, person.password, str(host.organization))
        return replace(person, organization=host.organization, tokens=tokens)

    async def add_member(self, host: Person, role: Role = Role.OPERATOR) -> UUID:
        """The id of somebody new in the host's organisation who never signs in: no password is hashed for them."""
        user = User(self.clock.new_id(), new_email(), "Colleague")
        async with self.database.transaction(host.organization) as tx:
            await insert_user(tx, user, NO_PASSWORD, self.clock.now())
            await insert_membership(tx, user.id, role, self.clock.now())
        return user.id

    async def invite(
        self, host: Person, email: str, role: str = "OPERATOR", *, key: str | None = None
    ) -> CreateInvitationResponse:
        """An invitation of the address into the host's organisation, with its link."""
        request = CreateInvitationRequest(email=email, role=role)
        answer: CreateInvitationResponse = await self.call(host, self.invitations.CreateInvitation, request, key=key)
        return answer

    async def accept(self, accept_path: str, *, password: str = PASSWORD, **fields: Any) -> AcceptInvitationResponse:
        """What whoever has the link is answered."""
        token = accept_path.partition("#")[2]
        request = AcceptInvitationRequest(token=token, password=password, **fields)
        return await self.peer.call(self.invitations.AcceptInvitation, request)

    async def expire_invitation(self, host: Person, invitation: str) -> None:
        """Let the invitation's time be up."""
        async with self.database.transaction(host.organization) as tx:
            now = self.clock.now()
            await tx.execute("UPDATE invitations SET expire_time = %s WHERE id = %s", (now, UUID(invitation)))

    async def new_colleague(self, host: Person, role: Role = Role.OPERATOR) -> Person:
        """Somebody new in the host's organisation, with one of their own besides."""
        return await self.as_member(await self.new_person(), host, role)

    async def set_state(self, organization: UUID, state: str) -> None:
        """Suspend, close or reactivate an organisation, as its platform's staff would."""
        async with self.database.transaction(organization) as tx:
            await change_state(tx, self.clock, State(state), "unpaid for three months", "test")

    async def set_role(self, person: Person, role: str | None) -> None:
        """Give the person another role in the organisation, or take the membership away."""
        async with await psycopg.AsyncConnection.connect(self.owner_url) as connection:
            await connection.execute("DELETE FROM memberships WHERE user_id = %s", (person.user_id,))
            if role:
                values = (person.user_id, person.organization, role)
                await connection.execute("INSERT INTO memberships VALUES (%s, %s, %s, now())", values)

    async def signing_key(self) -> SigningKey:
        """The key that identity signs with."""
        keys = SigningKeys(self.database, Sealer.from_file(self.keys.master_key_file), self.clock)
        return current_key(await keys.keys(), self.clock.now())

    async def events_of(self, organization: UUID | str) -> list[IdentityEvent]:
        """What was written to the outbox for an organisation, in its order."""
        async with self.database.transaction(UUID(str(organization))) as tx:
            rows = await (await tx.execute("SELECT payload FROM outbox ORDER BY seq", binary=True)).fetchall()
        return [IdentityEvent.FromString(row.payload) for row in rows]

    async def new_session(self, person: Person) -> Person:
        """The same person in one more session."""
        return replace(person, tokens=await self.sign_in(person.email, person.password))


def new_email() -> str:
    """An address that nobody has."""
    return f"{uuid4().hex}@example.com"


@pytest.fixture(scope="session")
async def identity_database(service_database: DatabaseOf) -> AsyncIterator[Database]:
    """The worker's database of identity, open."""
    addresses = service_database("identity")
    database = await Database.open(addresses.service, addresses.finder, service="identity")
    yield database
    await database.close()


@pytest.fixture(scope="session")
async def password_hasher() -> AsyncIterator[PasswordHasher]:
    """The pool that hashes passwords."""
    hasher = PasswordHasher()
    yield hasher
    await hasher.close()


@pytest.fixture
async def identity(
    identity_database: Database,
    password_hasher: PasswordHasher,
    service_database: DatabaseOf,
    service_keys: ServiceKeys,
) -> AsyncIterator[Identity]:
    """A serving identity."""
    addresses = service_database("identity")
    settings = Settings(
        metrics_address="127.0.0.1:0",
        kafka="127.0.0.1:1",  # nothing that is served here writes to it
        service_key_file=service_keys.key_file("identity"),
        service_public_keys_file=service_keys.public_keys_file,
        grpc_address="127.0.0.1:0",
        database_url=addresses.service,
        finder_database_url=addresses.finder,
        master_key_file=service_keys.master_key_file,
    )
    clock = MovableClock()
    server = await make_server(settings, identity_database, password_hasher, clock)
    address = f"127.0.0.1:{await server.start()}"
    serving = Identity(address, identity_database, addresses.owner, clock, service_keys)
    yield serving
    await serving.peer.close()
    await server.stop(grace=1)
