"""The gateway as a process: what it is made of, and in which order that is started and stopped."""

import gc
from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

from google.protobuf.message import Message
from starlette.responses import PlainTextResponse, Response

from chassis.clock import SystemClock
from chassis.http_server import HttpServer
from chassis.messaging.disposable_producer import DisposableProducer
from chassis.messaging.kafka import Kafka
from chassis.messaging.listener import Hint, Listener
from chassis.messaging.topics import create_topics
from chassis.process import Service
from chassis.rpc.client import Peer
from chassis.settings import KafkaSettings, load
from chassis.tokens import ServiceSigner
from gateway.access.door import Door
from gateway.access.exchanges import Exchanges
from gateway.access.identity import Identity
from gateway.access.on_identity import identity_changed
from gateway.access.revocations import ReadRevocations, Revocable
from gateway.edge.access_log import AccessLog
from gateway.edge.bodies import Bodies
from gateway.edge.clients import ClientAddresses
from gateway.edge.cors import Cors
from gateway.edge.front import Front
from gateway.edge.protocol import LimitedProtocol
from gateway.edge.visits import Handler, Visit
from gateway.live import serve as serve_events
from gateway.live.on_events import SUBJECTS, something_changed
from gateway.live.serve import ServeEvents
from gateway.live.streams import Streams
from gateway.openapi import serve as serve_description
from gateway.openapi.document import openapi_document
from gateway.openapi.serve import Description
from gateway.rates.counts import Counts, NoCounts, OwnCounts, RefusedCounts, SharedCounts
from gateway.rates.limits import Quotas, RateLimits
from gateway.rest.contract import read_routes
from gateway.rest.transcode import Rest
from gateway.settings import Settings
from gateway.webhooks import receive
from gateway.webhooks.intake import KAFKA_SECONDS, TOPIC, Intake
from gateway.webhooks.on_orders import store_changed
from gateway.webhooks.orders import Orders
from gateway.webhooks.receive import ReceiveWebhook
from gateway.webhooks.stores import Stores
from rappit.identity.v1.events_pb2 import IdentityEvent
from rappit.orders.v1.events_pb2 import StoreEvent

NAME = "gateway"
HEALTH_LIVE, HEALTH_READY = HEALTH = ("/health/live", "/health/ready")
# What bodies may hold of the process's memory, all requests together.
MOST_BYTES_OF_BODIES = 64 * 1024 * 1024


async def serve() -> None:
    """Serve until told to stop. Neither Kafka nor a service need be there: what can be answered is."""
    settings = load(Settings)
    async with Service(NAME, settings) as service:
        signer = ServiceSigner(NAME, settings.service_key_file)
        targets = {
            "identity": settings.identity_address,
            "orders": settings.orders_address,
            "inventory": settings.inventory_address,
        }
        peers = {name: service.owns(name, Peer(name, target, signer)) for name, target in targets.items()}
        kafka = Kafka(settings.kafka, settings.topic_prefix, settings.development)
        log = AccessLog(NAME, written=settings.log_level in {"DEBUG", "INFO"})
        counts = make_counts(settings)
        if isinstance(counts, SharedCounts):
            service.owns("rate limit store", counts)
        gateway = compose(peers, kafka, log, edge_of(settings, counts), is_ready=lambda: service.ready)
        service.runs("producer", gateway.producer)
        service.runs("listener", gateway.listener)
        service.runs("revocations", gateway.revocations)
        # What was made so far stays; to look through it again and again took a tenth of the time of a delivery.
        gc.collect()
        gc.freeze()
        await service.serve(make_server(gateway, settings.http_address))


class Edge(NamedTuple):
    """Who may come in, and how often."""

    addresses: ClientAddresses
    limits: RateLimits
    origins: tuple[str, ...]


def edge_of(settings: Settings, counts: Counts) -> Edge:
    """The edge as it is set."""
    quotas = Quotas(
        settings.rate_per_address, settings.rate_per_account, settings.rate_per_organization, settings.rate_per_store
    )
    addresses = ClientAddresses(settings.trusted_proxies, settings.forwarded_header.encode())
    return Edge(addresses, RateLimits(counts, quotas), settings.cors_origins)


def make_counts(settings: Settings) -> Counts:
    """Where requests are counted."""
    if settings.rate_limit_store is None:
        return OwnCounts()
    otherwise: dict[str, type[Counts]] = {"own": OwnCounts, "open": NoCounts, "refuse": RefusedCounts}
    return SharedCounts(settings.rate_limit_store.get_secret_value(), otherwise[settings.rate_limits_without_store]())


class Gateway(NamedTuple):
    """What the gateway is made of."""

    front: Front
    producer: DisposableProducer
    listener: Listener
    revocations: ReadRevocations
    stores: Stores
    streams: Streams


def compose(
    peers: Mapping[str, Peer], kafka: Kafka, log: AccessLog, edge: Edge, *, is_ready: Callable[[], bool]
) -> Gateway:
    """All parts of the gateway. `peers`: identity, orders, inventory."""
    producer = DisposableProducer(kafka, TOPIC.name, seconds=KAFKA_SECONDS)
    orders = Orders(peers["orders"])
    stores = Stores(orders.resolve)
    identity = Identity(peers["identity"])
    exchanges = Exchanges(identity.exchange)
    bodies = Bodies(MOST_BYTES_OF_BODIES)
    webhooks = ReceiveWebhook(stores, Intake(producer, orders.accept), bodies, edge.limits, SystemClock())
    streams = Streams()
    door = Door(edge.addresses, edge.limits)
    routes = read_routes()
    rest = Cors(Rest(routes, peers, exchanges, bodies, door), edge.origins)
    events = Cors(ServeEvents(streams, exchanges, door), edge.origins)
    description = Description(openapi_document(routes))
    front = Front(dispatch(webhooks, rest, events, description, is_ready=is_ready), log)
    holders = (exchanges, streams)
    revocations = ReadRevocations(identity.revocations, holders)
    return Gateway(front, producer, make_listener(kafka, stores, holders, streams), revocations, stores, streams)


def make_server(gateway: Gateway, address: str) -> HttpServer:
    """The server of the gateway's one address."""

    def on_ready(ready: bool) -> None:
        gateway.front.set_ready(ready)
        gateway.streams.set_ready(ready)

    return HttpServer(gateway.front, address, protocol=LimitedProtocol, on_ready=on_ready)


def dispatch(
    webhooks: Handler, rest: Handler, events: Handler, description: Handler, *, is_ready: Callable[[], bool]
) -> Handler:
    """Who answers which path."""

    async def answer(visit: Visit) -> Response:
        path = visit.raw_path
        if path.startswith(receive.PREFIX):
            return await webhooks(visit)
        if path in HEALTH:
            visit.route = path
            alive = path == HEALTH_LIVE or is_ready()
            return PlainTextResponse("ok\n" if alive else "not ready\n", 200 if alive else 503)
        if path == serve_events.PATH:
            return await events(visit)
        if path in serve_description.PATHS:
            return await description(visit)
        return await rest(visit)

    return answer


def make_listener(kafka: Kafka, stores: Stores, holders: Collection[Revocable], streams: Streams) -> Listener:
    """What makes a replica forget what it remembers."""

    def doubt_all() -> None:
        stores.doubt_all()
        for holder in holders:
            holder.forget_all()

    def hint(kind: type[Message]) -> Hint:
        def hear(event: Any) -> None:
            if kind is StoreEvent:
                store_changed(stores, event)
            elif kind is IdentityEvent:
                identity_changed(holders, stores, event)
            something_changed(streams, SUBJECTS[kind], event)

        return hear

    return Listener(kafka, {kind: hint(kind) for kind in SUBJECTS}, on_gap=doubt_all)


async def migrate() -> None:
    """Make the gateway's topic; it has no database."""
    settings = load(KafkaSettings)
    await create_topics(Kafka(settings.kafka, settings.topic_prefix, settings.development), [TOPIC])
