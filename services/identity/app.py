"""Identity as a process: what it is made of, and in which order that is started and stopped."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar
from uuid import UUID

from chassis.clock import Clock, SystemClock
from chassis.database.jobs import Job, JobRunner
from chassis.database.pool import Database
from chassis.database.transaction import Transaction
from chassis.messaging.backlog import Backlog
from chassis.messaging.kafka import Kafka
from chassis.messaging.relay import Relay
from chassis.messaging.retention import retention_jobs
from chassis.messaging.topic_check import TopicCheck
from chassis.messaging.topics import Topic, create_topics
from chassis.process import Service
from chassis.rpc.server import RpcServer
from chassis.sealing import Sealer
from chassis.settings import MigrateSettings, load
from chassis.tokens import TokenVerifier
from identity.accounts.password_hasher import PasswordHasher
from identity.accounts.rpc import Accounts
from identity.invitations.forget_invitations import forget_invitations
from identity.invitations.rpc import Invitations
from identity.members.rpc import Members
from identity.organizations.close_organization import close_organization
from identity.organizations.mark_past_due import mark_past_due
from identity.organizations.reactivate_organization import reactivate_organization
from identity.organizations.republish import republish as republish_organization
from identity.organizations.rpc import Organizations
from identity.organizations.suspend_organization import suspend_organization
from identity.roles.rpc import Roles
from identity.sessions.forget_sessions import forget_failures, forget_revocations, forget_sessions
from identity.sessions.rpc import Sessions
from identity.settings import Settings
from identity.tokens.get_json_web_key_set import get_json_web_key_set
from identity.tokens.rotate_signing_key import rotate_by_age
from identity.tokens.rotate_signing_key import rotate_signing_key as make_next_key
from identity.tokens.rpc import Tokens
from identity.tokens.signing_keys import SigningKeys
from rappit.identity.v1.accounts_pb2_grpc import add_AccountServiceServicer_to_server
from rappit.identity.v1.events_pb2 import IdentityEvent
from rappit.identity.v1.invitations_pb2_grpc import add_InvitationServiceServicer_to_server
from rappit.identity.v1.members_pb2_grpc import add_MemberServiceServicer_to_server
from rappit.identity.v1.organizations_pb2_grpc import add_OrganizationServiceServicer_to_server
from rappit.identity.v1.roles_pb2_grpc import add_RoleServiceServicer_to_server
from rappit.identity.v1.sessions_pb2_grpc import add_SessionServiceServicer_to_server
from rappit.identity.v1.tokens_pb2_grpc import add_TokenServiceServicer_to_server

T = TypeVar("T")

NAME = "identity"
TOPICS = (Topic(IdentityEvent),)
FORGET_SECONDS = 3600.0
ROTATE_SECONDS = 3600.0
STATE_CHANGES = {
    "past-due": mark_past_due,
    "suspend": suspend_organization,
    "reactivate": reactivate_organization,
    "close": close_organization,
}


async def serve() -> None:
    """Serve until told to stop. Kafka need not be there."""
    settings = load(Settings)
    clock = SystemClock()
    async with Service(NAME, settings) as service:
        database = service.owns("database", await _open(settings))
        service.ready_when(database.answers)
        kafka = Kafka(settings.kafka, settings.topic_prefix, settings.development)
        service.runs("topics", topics := await TopicCheck.begin(kafka, TOPICS))
        service.runs("relay", topics.before(Relay(database, kafka)))
        service.runs("backlog", Backlog(database))
        sealer = Sealer.from_file(settings.master_key_file)
        own = [
            Job("forget_sessions", FORGET_SECONDS, partial(forget_sessions, database, clock)),
            Job("forget_failures", FORGET_SECONDS, partial(forget_failures, database, clock)),
            Job("forget_revocations", FORGET_SECONDS, partial(forget_revocations, database, clock)),
            Job("forget_invitations", FORGET_SECONDS, partial(forget_invitations, database, clock)),
            Job("rotate_signing_key", ROTATE_SECONDS, partial(rotate_by_age, database, sealer, clock)),
        ]
        service.runs("jobs", JobRunner(database, [*own, *retention_jobs(database)]))
        hasher = service.owns("passwords", PasswordHasher())
        await service.serve(await make_server(settings, database, hasher, clock))


async def make_server(settings: Settings, database: Database, hasher: PasswordHasher, clock: Clock) -> RpcServer:
    """The server with all of identity's RPCs. The first signing key is made here if there is none."""
    sealer = Sealer.from_file(settings.master_key_file)
    keys = SigningKeys(database, sealer, clock)
    await keys.make_first()
    # Its own callers' tokens are verified by its own keys, without a call.
    verifier = TokenVerifier(NAME, settings.service_public_keys_file, lambda: get_json_web_key_set(keys, clock))
    server = RpcServer(service=NAME, address=settings.grpc_address, verifier=verifier)
    server.add(add_AccountServiceServicer_to_server, Accounts(database, clock, hasher))
    server.add(add_SessionServiceServicer_to_server, Sessions(database, clock, hasher, keys, sealer))
    server.add(add_TokenServiceServicer_to_server, Tokens(database, clock, keys))
    server.add(add_InvitationServiceServicer_to_server, Invitations(database, clock, hasher))
    server.add(add_MemberServiceServicer_to_server, Members(database, clock))
    server.add(add_RoleServiceServicer_to_server, Roles())
    server.add(add_OrganizationServiceServicer_to_server, Organizations(database))
    return server


async def migrate() -> None:
    """Bring database and topics to what this release needs."""
    # Here, and not above: who only serves need not load alembic.
    from chassis.database.migrate import migrate as migrate_database  # noqa: PLC0415

    settings = load(MigrateSettings)
    migrate_database(NAME, settings.owner_database_url.get_secret_value())
    await create_topics(Kafka(settings.kafka, settings.topic_prefix, settings.development), TOPICS)


async def republish(organization: UUID) -> bool:
    """Tell of an organisation again; False when there is none of this id. The relay of a serving process sends it."""
    return await _once(organization, lambda tx: republish_organization(tx, SystemClock()))


async def change_state(verb: str, organization: UUID, why: str) -> bool:
    """One of STATE_CHANGES; False when there is no organisation of this id. Refused when its state forbids it."""
    return bool(await _once(organization, lambda tx: STATE_CHANGES[verb](tx, SystemClock(), why)))


async def rotate_signing_key() -> bool:
    """Let another key sign in a while; False when one that will is there already."""
    settings = load(Settings)
    database = await _open(settings)
    try:
        async with database.directory() as tx:
            return bool(await make_next_key(tx, Sealer.from_file(settings.master_key_file), SystemClock()))
    finally:
        await database.close()


async def _once(organization: UUID, effect: Callable[[Transaction], Awaitable[T]]) -> T:
    database = await _open(load(Settings))
    try:
        async with database.transaction(organization) as tx:
            return await effect(tx)
    finally:
        await database.close()


async def _open(settings: Settings) -> Database:
    return await Database.open(
        settings.database_url.get_secret_value(), settings.finder_database_url.get_secret_value(), service=NAME
    )
