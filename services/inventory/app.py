"""Inventory as a process: what it is made of, and in which order that is started and stopped."""

from functools import partial
from uuid import UUID

from chassis.clock import Clock, SystemClock
from chassis.database.jobs import Job, JobRunner
from chassis.database.pool import Database
from chassis.messaging.backlog import Backlog
from chassis.messaging.consumer import Consumer
from chassis.messaging.envelope import EventMessage
from chassis.messaging.handlers import Handler
from chassis.messaging.kafka import Kafka
from chassis.messaging.lanes import LaneWorker
from chassis.messaging.relay import Relay
from chassis.messaging.retention import retention_jobs
from chassis.messaging.topic_check import TopicCheck
from chassis.messaging.topics import Topic, create_topics
from chassis.process import Service
from chassis.rpc.client import Peer
from chassis.rpc.server import RpcServer
from chassis.settings import MigrateSettings, load
from chassis.tokens import ServiceSigner, TokenVerifier
from inventory.dead_letters.rpc import DeadLetters
from inventory.items.rpc import Items
from inventory.republish import republish as republish_organization
from inventory.reservations.ending.release_expired import release_expired
from inventory.reservations.on_orders import on_orders
from inventory.reservations.rpc import Reservations
from inventory.reservations.waiting.serve_waiting import serve_waiting
from inventory.reservations.waiting.sweep_waiting import sweep_waiting
from inventory.settings import Settings
from inventory.stock.rpc import Stock
from inventory.warehouses.on_identity import on_identity
from inventory.warehouses.rpc import Warehouses
from rappit.identity.v1.events_pb2 import IdentityEvent
from rappit.identity.v1.tokens_pb2 import GetJsonWebKeySetRequest
from rappit.identity.v1.tokens_pb2_grpc import TokenServiceStub
from rappit.inventory.v1.dead_letters_pb2_grpc import add_DeadLetterServiceServicer_to_server
from rappit.inventory.v1.events_pb2 import ItemEvent, StockEvent
from rappit.inventory.v1.items_pb2_grpc import add_ItemServiceServicer_to_server
from rappit.inventory.v1.reservations_pb2_grpc import add_ReservationServiceServicer_to_server
from rappit.inventory.v1.stock_pb2_grpc import add_StockServiceServicer_to_server
from rappit.inventory.v1.warehouses_pb2_grpc import add_WarehouseServiceServicer_to_server
from rappit.orders.v1.events_pb2 import OrderEvent

NAME = "inventory"
TOPICS = (Topic(StockEvent), Topic(ItemEvent, compacted=True))
SERVE_WAITING_SECONDS = 0.25
RELEASE_EXPIRED_SECONDS = 1.0
SWEEP_SECONDS = 60.0


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
        consumer = make_consumer(database, kafka, clock)
        service.runs("lanes", LaneWorker(database, [consumer]))
        service.runs(consumer.name, topics.before(consumer))
        service.runs("backlog", Backlog(database, [consumer]))
        service.runs("jobs", JobRunner(database, make_jobs(database, clock)))
        signer = ServiceSigner(NAME, settings.service_key_file)
        identity = service.owns("identity", Peer("identity", settings.identity_address, signer))
        verifier = make_verifier(settings, identity)
        await service.serve(make_server(settings.grpc_address, database, verifier, clock, consumer))


def make_consumer(database: Database, kafka: Kafka, clock: Clock) -> Consumer:
    """What comes in: organisations that signed up, and what orders want."""
    handlers: dict[type[EventMessage], Handler] = {
        IdentityEvent: partial(on_identity, clock),
        OrderEvent: partial(on_orders, clock),
    }
    return Consumer(NAME, handlers, database=database, kafka=kafka)


def make_jobs(database: Database, clock: Clock) -> list[Job]:
    """What it does by itself, with the seconds between two runs."""
    return [
        Job("serve_waiting", SERVE_WAITING_SECONDS, partial(serve_waiting, database, clock)),
        Job("release_expired", RELEASE_EXPIRED_SECONDS, partial(release_expired, database, clock)),
        Job("sweep_waiting", SWEEP_SECONDS, partial(sweep_waiting, database)),
        *retention_jobs(database),
    ]


def make_verifier(settings: Settings, identity: Peer) -> TokenVerifier:
    """Verifies tokens: people's with the keys that identity gives."""
    tokens = TokenServiceStub(identity.channel)

    async def identity_keys() -> str:
        return (await identity.call(tokens.GetJsonWebKeySet, GetJsonWebKeySetRequest(), cause="verify tokens")).json

    return TokenVerifier(NAME, settings.service_public_keys_file, identity_keys)


def make_server(
    address: str, database: Database, verifier: TokenVerifier, clock: Clock, consumer: Consumer
) -> RpcServer:
    """The server with all of inventory's RPCs; `consumer` applies what is replayed."""
    server = RpcServer(service=NAME, address=address, verifier=verifier)
    server.add(add_ItemServiceServicer_to_server, Items(database, clock))
    server.add(add_WarehouseServiceServicer_to_server, Warehouses(database, clock))
    server.add(add_StockServiceServicer_to_server, Stock(database, clock))
    server.add(add_ReservationServiceServicer_to_server, Reservations(database, clock))
    server.add(add_DeadLetterServiceServicer_to_server, DeadLetters(database, consumer))
    return server


async def migrate() -> None:
    """Bring database and topics to what this release needs."""
    # Here, and not above: who only serves need not load alembic.
    from chassis.database.migrate import migrate as migrate_database  # noqa: PLC0415

    settings = load(MigrateSettings)
    migrate_database(NAME, settings.owner_database_url.get_secret_value())
    await create_topics(Kafka(settings.kafka, settings.topic_prefix, settings.development), TOPICS)


async def republish(organization: UUID, only: UUID | None) -> int:
    """Tell of an organisation's items and demands again, or of one. Returns of how many. A serving process sends it."""
    database = await _open(load(Settings))
    try:
        return await republish_organization(database, SystemClock(), organization, only)
    finally:
        await database.close()


async def _open(settings: Settings) -> Database:
    return await Database.open(
        settings.database_url.get_secret_value(), settings.finder_database_url.get_secret_value(), service=NAME
    )
