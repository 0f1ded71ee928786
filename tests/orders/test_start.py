"""The process: what it refuses to start without, and its life from `migrate` to SIGTERM."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from chassis.database.pool import Database
from chassis.messaging.envelope import EventMessage
from chassis.messaging.kafka import Kafka
from chassis.messaging.topics import Topic, create_topics
from laptop.ports import HOST, free_port
from laptop.service import Service
from rappit.gateway.v1.events_pb2 import WebhookReceived
from rappit.identity.v1.events_pb2 import IdentityEvent, OrganizationCreated
from rappit.identity.v1.organizations_pb2 import ORGANIZATION_STATE_ACTIVE
from rappit.inventory.v1.events_pb2 import ItemEvent, StockEvent
from rappit.orders.v1.events_pb2 import OrderEvent
from tests.given.merchants import eventually
from tests.given.postgres import DatabaseOf
from tests.given.run import Run
from tests.given.service_keys import ServiceKeys
from tests.given.shop import Shop, message_of, open_store
from tests.given.shopify_orders import placed

SECRETS = [
    "RAPPIT_DATABASE_URL",
    "RAPPIT_FINDER_DATABASE_URL",
    "RAPPIT_SERVICE_KEY_FILE",
    "RAPPIT_SERVICE_PUBLIC_KEYS_FILE",
    "RAPPIT_MASTER_KEY_FILE",
]


@pytest.fixture
def environment(service_keys: ServiceKeys) -> dict[str, str]:
    """A whole environment; nothing in it is ever reached by a process that refuses to start."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("RAPPIT_")},
        "RAPPIT_GRPC_ADDRESS": f"{HOST}:0",
        "RAPPIT_METRICS_ADDRESS": f"{HOST}:0",
        "RAPPIT_DATABASE_URL": f"postgresql://orders_service:{uuid4().hex}@{HOST}:1/orders",
        "RAPPIT_FINDER_DATABASE_URL": f"postgresql://orders_finder:{uuid4().hex}@{HOST}:1/orders",
        "RAPPIT_KAFKA": f"{HOST}:1",
        "RAPPIT_IDENTITY_ADDRESS": f"{HOST}:1",
        "RAPPIT_SERVICE_KEY_FILE": str(service_keys.key_file("orders")),
        "RAPPIT_SERVICE_PUBLIC_KEYS_FILE": str(service_keys.public_keys_file),
        "RAPPIT_MASTER_KEY_FILE": str(service_keys.master_key_file),
        "RAPPIT_DEVELOPMENT": "1",
        "RAPPIT_DRAIN_SECONDS": "0",
    }


def test_it_names_every_setting_that_is_missing(environment: dict[str, str]) -> None:
    """Trap 9."""
    needed = [*SECRETS, "RAPPIT_IDENTITY_ADDRESS", "RAPPIT_KAFKA"]
    left = {name: value for name, value in environment.items() if name not in needed}

    ended = run(left, "serve")

    assert ended.returncode == 78
    assert [name for name in needed if f"{name} is missing" not in ended.stderr] == []


@pytest.fixture
async def own_kafka(kafka: str, topic_prefix: str) -> Kafka:
    """Topics of this test's own; those of others are there, as their services make them."""
    own = Kafka(kafka, f"{topic_prefix}{uuid4().hex}.", development=True)
    await create_topics(own, [Topic(each) for each in (WebhookReceived, IdentityEvent, ItemEvent, StockEvent)])
    return own


@pytest.fixture
async def process(
    this_run: Run, own_kafka: Kafka, empty_database: DatabaseOf, environment: dict[str, str], tmp_path: Path
) -> AsyncIterator[tuple[Service, dict[str, str], Database]]:
    """Orders as a process of its own, migrated and ready, with its environment and database."""
    addresses = empty_database("orders")
    health_port = free_port()
    told = environment | {
        "RAPPIT_GRPC_ADDRESS": f"{HOST}:{free_port()}",
        "RAPPIT_METRICS_ADDRESS": f"{HOST}:{health_port}",
        "RAPPIT_DATABASE_URL": addresses.service,
        "RAPPIT_FINDER_DATABASE_URL": addresses.finder,
        "RAPPIT_KAFKA": own_kafka.bootstrap,
        "RAPPIT_TOPIC_PREFIX": own_kafka.prefix,
    }
    service = Service("orders", told, health_port, log=tmp_path / "orders.log", guard=this_run.guard)
    await asyncio.to_thread(service.migrate, addresses.owner)
    await asyncio.to_thread(service.start)
    database = await Database.open(addresses.service, addresses.finder, service="orders", size=2)
    yield service, told, database
    await database.close()
    service.program.kill()


async def test_deliveries_become_orders_that_are_told_of_until_it_is_stopped(
    process: tuple[Service, dict[str, str], Database],
) -> None:
    service, environment, database = process
    organization = uuid4()
    shop = Shop(database, organization, await open_store(database, organization))
    signed_up = IdentityEvent(organization_created=OrganizationCreated(state=ORGANIZATION_STATE_ACTIVE))
    # The delivery comes before identity's event: it waits in its lane until the organisation is known.
    await publish(environment, shop.delivery(placed("#1047")).event)
    await eventually(lambda: shop.rows("SELECT FROM inbox WHERE state = 'RETRYING'"), bool)
    await publish(environment, message_of(organization, signed_up, str(organization), 1).event)

    (event,) = await published(environment, 1)
    order = await shop.order("#1047")
    told_again = await asyncio.to_thread(run, environment, "republish", "--organization", str(organization))
    _, again = await published(environment, 2)
    unknown = await asyncio.to_thread(run, environment, "republish", "--organization", str(uuid4()))
    await asyncio.to_thread(service.stop)

    assert (event.header.aggregate_id, event.header.aggregate_version) == (str(order.id), 1)
    assert (again.header.aggregate_id, again.order_changed) == (str(order.id), event.order_changed)
    assert told_again.returncode == 0
    assert unknown.returncode == 1
    assert "there is nothing to tell of" in unknown.stderr
    assert service.program.exit_status == 0


async def publish(environment: dict[str, str], event: EventMessage) -> None:
    """An event of another service comes."""
    producer = AIOKafkaProducer(bootstrap_servers=environment["RAPPIT_KAFKA"])
    await producer.start()
    topic = environment["RAPPIT_TOPIC_PREFIX"] + event.DESCRIPTOR.full_name
    await producer.send_and_wait(topic, event.SerializeToString(), key=event.header.aggregate_id.encode())
    await producer.stop()


async def published(environment: dict[str, str], count: int) -> list[OrderEvent]:
    """The first events of orders that the process published."""
    topic = environment["RAPPIT_TOPIC_PREFIX"] + OrderEvent.DESCRIPTOR.full_name
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=environment["RAPPIT_KAFKA"], auto_offset_reset="earliest")
    await consumer.start()
    try:
        async with asyncio.timeout(30):
            return [OrderEvent.FromString((await consumer.getone()).value) for _ in range(count)]
    finally:
        await consumer.stop()


def run(environment: dict[str, str], *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run `python -m orders` to its end."""
    command = [sys.executable, "-m", "orders", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
