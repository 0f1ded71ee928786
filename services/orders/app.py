"""Orders as a process: what it is made of, and in which order that is started and stopped."""

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
from chassis.sealing import Sealer
from chassis.settings import MigrateSettings, load
from chassis.tokens import ServiceSigner, TokenVerifier
from orders.dead_letters.replay_dead_letter import Desk
from orders.dead_letters.rpc import DeadLetters
from orders.holds.rpc import Holds
from orders.mappings.map_unfinished import map_unfinished
from orders.mappings.on_inventory import on_inventory as on_items
from orders.mappings.rpc import Mappings
from orders.notes.rpc import Notes
from orders.orders.expire_reservations import expire_reservations
from orders.orders.follow_policies import follow_policies
from orders.orders.on_inventory import on_inventory as on_stock
from orders.orders.rpc import Orders
from orders.privacy.answer_privacy_requests import AnswerPrivacyRequests
from orders.privacy.rpc import Privacy
from orders.republish import republish as republish_organization
from orders.settings import Settings
from orders.stores.forget_secrets import forget_old_secrets
from orders.stores.on_identity import on_identity
from orders.stores.rpc import Stores
from orders.webhooks.accept_delivery import CONSUMER as DELIVERIES
from orders.webhooks.discard_delivery import keep_discarded
from orders.webhooks.guarded_http import GuardedHttp
from orders.webhooks.messages import facts as read_message
from orders.webhooks.on_gateway import on_gateway
from orders.webhooks.record_deliveries import delete_old_deliveries
from orders.webhooks.refetch_orders import RefetchOrders
from orders.webhooks.rpc import Webhooks
from rappit.gateway.v1.events_pb2 import WebhookReceived
from rappit.identity.v1.events_pb2 import IdentityEvent
from rappit.identity.v1.tokens_pb2 import GetJsonWebKeySetRequest
from rappit.identity.v1.tokens_pb2_grpc import TokenServiceStub
from rappit.inventory.v1.events_pb2 import ItemEvent, StockEvent
from rappit.orders.v1.dead_letters_pb2_grpc import add_DeadLetterServiceServicer_to_server
from rappit.orders.v1.events_pb2 import OrderEvent, StoreEvent
from rappit.orders.v1.holds_pb2_grpc import add_HoldServiceServicer_to_server
from rappit.orders.v1.mappings_pb2_grpc import add_MappingServiceServicer_to_server
from rappit.orders.v1.notes_pb2_grpc import add_NoteServiceServicer_to_server
from rappit.orders.v1.orders_pb2_grpc import add_OrderServiceServicer_to_server
from rappit.orders.v1.privacy_pb2_grpc import add_PrivacyServiceServicer_to_server
from rappit.orders.v1.stores_pb2_grpc import add_StoreServiceServicer_to_server
from rappit.orders.v1.webhooks_pb2_grpc import add_WebhookServiceServicer_to_server

NAME = "orders"
TOPICS = (Topic(OrderEvent), Topic(StoreEvent))
# Deliveries have lanes of their own: a store's flood does not hold up what inventory says.
FACTS = "orders.facts"
MAP_SECONDS = 5.0
EXPIRE_SECONDS = 30.0
FOLLOW_SECONDS = 5.0
REFETCH_SECONDS = 1.0
PRIVACY_SECONDS = 10.0
FORGET_SECONDS = 300.0

# What was discarded, as its desk keeps it.
keep = partial(keep_discarded, read_message)


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
        consumers = make_consumers(database, kafka, clock)
        service.runs("lanes", LaneWorker(database, consumers))
        for consumer in consumers:
            service.runs(consumer.name, topics.before(consumer))
        service.runs("backlog", Backlog(database, consumers))
        mapping = Job("map_unfinished", MAP_SECONDS, lambda lease: map_unfinished(database, clock, lease))
        http = service.owns("stores", GuardedHttp(private=settings.development))
        refetching = RefetchOrders(database, clock, Sealer.from_file(settings.master_key_file), http)
        expiring = Job("expire_reservations", EXPIRE_SECONDS, partial(expire_reservations, database, clock))
        following = Job("follow_policies", FOLLOW_SECONDS, partial(follow_policies, database, clock))
        asking = Job("refetch_orders", REFETCH_SECONDS, refetching.run)
        forgetting = Job("delete_old_deliveries", FORGET_SECONDS, partial(delete_old_deliveries, database))
        answering = AnswerPrivacyRequests(database, clock, keep)
        privacy = Job("answer_privacy_requests", PRIVACY_SECONDS, answering.run)
        secrets = Job("forget_old_secrets", FORGET_SECONDS, partial(forget_old_secrets, database, clock))
        jobs = [mapping, expiring, following, asking, privacy, forgetting, secrets, *retention_jobs(database)]
        service.runs("jobs", JobRunner(database, jobs))
        signer = ServiceSigner(NAME, settings.service_key_file)
        identity = service.owns("identity", Peer("identity", settings.identity_address, signer))
        await service.serve(make_server(settings, database, make_verifier(settings, identity), clock))


def make_consumers(database: Database, kafka: Kafka, clock: Clock) -> list[Consumer]:
    """What comes in: deliveries of stores, and facts of other services."""
    facts: dict[type[EventMessage], Handler] = {
        StockEvent: partial(on_stock, clock),
        ItemEvent: partial(on_items, clock),
        IdentityEvent: on_identity,
    }
    return [
        Consumer(DELIVERIES, {WebhookReceived: partial(on_gateway, clock)}, database=database, kafka=kafka),
        Consumer(FACTS, facts, database=database, kafka=kafka),
    ]


def make_verifier(settings: Settings, identity: Peer) -> TokenVerifier:
    """Verifies tokens: people's with the keys that identity gives."""
    tokens = TokenServiceStub(identity.channel)

    async def identity_keys() -> str:
        return (await identity.call(tokens.GetJsonWebKeySet, GetJsonWebKeySetRequest(), cause="verify tokens")).json

    return TokenVerifier(NAME, settings.service_public_keys_file, identity_keys)


def make_server(settings: Settings, database: Database, verifier: TokenVerifier, clock: Clock) -> RpcServer:
    """The server with all of this service's RPCs."""
    server = RpcServer(service=NAME, address=settings.grpc_address, verifier=verifier)
    server.add(add_OrderServiceServicer_to_server, Orders(database, clock))
    server.add(add_MappingServiceServicer_to_server, Mappings(database, clock))
    server.add(add_HoldServiceServicer_to_server, Holds(database, clock))
    server.add(add_NoteServiceServicer_to_server, Notes(database, clock))
    sealer = Sealer.from_file(settings.master_key_file)
    stores = Stores(database, clock, sealer, development=settings.development)
    server.add(add_StoreServiceServicer_to_server, stores)
    kafka = Kafka(settings.kafka, settings.topic_prefix, settings.development)
    # Never run: what replays a message here is what applies it.
    desk = Desk({consumer.name: consumer for consumer in make_consumers(database, kafka, clock)}, clock, keep)
    server.add(add_WebhookServiceServicer_to_server, Webhooks(database, desk))
    server.add(add_PrivacyServiceServicer_to_server, Privacy(database))
    server.add(add_DeadLetterServiceServicer_to_server, DeadLetters(database, desk))
    return server


async def migrate() -> None:
    """Bring database and topics to what this release needs."""
    # Here, and not above: who only serves need not load alembic.
    from chassis.database.migrate import migrate as migrate_database  # noqa: PLC0415

    settings = load(MigrateSettings)
    migrate_database(NAME, settings.owner_database_url.get_secret_value())
    await create_topics(Kafka(settings.kafka, settings.topic_prefix, settings.development), TOPICS)


async def republish(organization: UUID, only: UUID | None) -> int:
    """Tell of an organisation's orders and stores again, or of one. Returns of how many. A serving process sends it."""
    database = await _open(load(Settings))
    try:
        return await republish_organization(database, SystemClock(), organization, only)
    finally:
        await database.close()


async def _open(settings: Settings) -> Database:
    return await Database.open(
        settings.database_url.get_secret_value(), settings.finder_database_url.get_secret_value(), service=NAME
    )
