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

from chassis.clock import SystemClock
from chassis.database.pool import Database
from chassis.messaging.envelope import EventMessage, new_header
from chassis.messaging.kafka import Kafka
from chassis.messaging.topics import Topic, create_topics
from inventory.stock.level import Balance
from inventory.warehouses.sql import default_warehouse
from laptop.ports import HOST, free_port
from laptop.service import Service
from rappit.identity.v1.events_pb2 import IdentityEvent, OrganizationCreated
from rappit.inventory.v1.events_pb2 import StockEvent
from rappit.orders.v1.events_pb2 import OrderChanged, OrderEvent
from tests.given.merchants import eventually
from tests.given.postgres import DatabaseOf
from tests.given.run import Run
from tests.given.service_keys import ServiceKeys
from tests.given.stock import Stockroom, line

SECRETS = [
    "RAPPIT_DATABASE_URL",
    "RAPPIT_FINDER_DATABASE_URL",
    "RAPPIT_SERVICE_KEY_FILE",
    "RAPPIT_SERVICE_PUBLIC_KEYS_FILE",
]


@pytest.fixture
def environment(service_keys: ServiceKeys) -> dict[str, str]:
    """A whole environment; nothing in it is ever reached by a process that refuses to start."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("RAPPIT_")},
        "RAPPIT_GRPC_ADDRESS": f"{HOST}:0",
        "RAPPIT_METRICS_ADDRESS": f"{HOST}:0",
        "RAPPIT_DATABASE_URL": f"postgresql://inventory_service:{uuid4().hex}@{HOST}:1/inventory",
        "RAPPIT_FINDER_DATABASE_URL": f"postgresql://inventory_finder:{uuid4().hex}@{HOST}:1/inventory",
        "RAPPIT_KAFKA": f"{HOST}:1",
        "RAPPIT_IDENTITY_ADDRESS": f"{HOST}:1",
        "RAPPIT_SERVICE_KEY_FILE": str(service_keys.key_file("inventory")),
        "RAPPIT_SERVICE_PUBLIC_KEYS_FILE": str(service_keys.public_keys_file),
        "RAPPIT_DEVELOPMENT": "1",
        "RAPPIT_DRAIN_SECONDS": "0",
    }


def run(environment: dict[str, str], *words: str) -> "subprocess.CompletedProcess[str]":
    """`python -m inventory`, to its end."""
    command = [sys.executable, "-m", "inventory", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_it_names_every_setting_that_is_missing(environment: dict[str, str]) -> None:
    """Trap 9."""
    needed = [*SECRETS, "RAPPIT_IDENTITY_ADDRESS", "RAPPIT_KAFKA"]
    ended = run({name: value for name, value in environment.items() if name not in needed}, "serve")

    assert ended.returncode == 78
    assert [name for name in needed if f"{name} is missing" not in ended.stderr] == []


@pytest.fixture
async def own_kafka(kafka: str, topic_prefix: str) -> Kafka:
    """Topics of this test's own; those of others are there, as their services make them."""
    own = Kafka(kafka, f"{topic_prefix}{uuid4().hex}.", development=True)
    await create_topics(own, [Topic(each) for each in (IdentityEvent, OrderEvent)])
    return own


@pytest.fixture
async def process(
    this_run: Run, own_kafka: Kafka, empty_database: DatabaseOf, environment: dict[str, str], tmp_path: Path
) -> AsyncIterator[tuple[Service, dict[str, str], Database]]:
    """Inventory as a process of its own, migrated and ready, with its environment and database."""
    addresses = empty_database("inventory")
    health_port = free_port()
    told = environment | {
        "RAPPIT_GRPC_ADDRESS": f"{HOST}:{free_port()}",
        "RAPPIT_METRICS_ADDRESS": f"{HOST}:{health_port}",
        "RAPPIT_DATABASE_URL": addresses.service,
        "RAPPIT_FINDER_DATABASE_URL": addresses.finder,
        "RAPPIT_KAFKA": own_kafka.bootstrap,
        "RAPPIT_TOPIC_PREFIX": own_kafka.prefix,
    }
    service = Service("inventory", told, health_port, log=tmp_path / "inventory.log", guard=this_run.guard)
    await asyncio.to_thread(service.migrate, addresses.owner)
    await asyncio.to_thread(service.start)
    database = await Database.open(addresses.service, addresses.finder, service="inventory", size=2)
    yield service, told, database
    await database.close()
    service.program.kill()


async def test_orders_are_reserved_and_those_who_wait_are_served_until_it_is_stopped(
    process: tuple[Service, dict[str, str], Database],
) -> None:
    service, environment, database = process
    room = Stockroom(database, uuid4(), SystemClock(), main=uuid4())
    mug = await room.item()
    order = room.clock.new_id()
    # The order comes before identity's event: it waits in its lane until the organisation is known.
    async with database.transaction(room.organization) as tx:
        wants = OrderEvent(
            header=new_header(tx, room.clock, order, 1, "test"), order_changed=OrderChanged(lines=[line(mug, 2)])
        )
        signed_up = IdentityEvent(
            header=new_header(tx, room.clock, room.organization, 1, "test"), organization_created=OrganizationCreated()
        )
    await publish(environment, wants)
    await eventually(lambda: room.rows("SELECT FROM inbox WHERE state = 'RETRYING'"), bool)
    await publish(environment, signed_up)
    (short,) = await published(environment, 1)
    async with database.transaction(room.organization) as tx:
        main = await default_warehouse(tx)
    assert main is not None
    await room.adjust(mug, 3)
    _, reserved = await published(environment, 2)
    told_again = await asyncio.to_thread(run, environment, "republish", "--organization", str(room.organization))
    *_, again = await published(environment, 3)
    unknown = await asyncio.to_thread(run, environment, "republish", "--organization", str(uuid4()))
    await asyncio.to_thread(service.stop)

    assert {each.header.aggregate_id for each in (short, reserved, again)} == {str(order)}
    kinds = [(each.header.aggregate_version, each.WhichOneof("event")) for each in (short, reserved, again)]
    assert kinds == [(1, "demand_short"), (2, "demand_reserved"), (3, "demand_reserved")]
    assert short.header.cause == wants.header.id
    assert await room.balance(mug, main) == Balance(on_hand=3, reserved=2)
    assert (told_again.returncode, unknown.returncode, service.program.exit_status) == (0, 1, 0)
    assert "there is nothing to tell of" in unknown.stderr


async def publish(environment: dict[str, str], event: EventMessage) -> None:
    """An event of another service comes."""
    producer = AIOKafkaProducer(bootstrap_servers=environment["RAPPIT_KAFKA"])
    await producer.start()
    topic = environment["RAPPIT_TOPIC_PREFIX"] + event.DESCRIPTOR.full_name
    await producer.send_and_wait(topic, event.SerializeToString(), key=event.header.aggregate_id.encode())
    await producer.stop()


async def published(environment: dict[str, str], count: int) -> list[StockEvent]:
    """The first events of demands that the process published."""
    topic = environment["RAPPIT_TOPIC_PREFIX"] + StockEvent.DESCRIPTOR.full_name
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=environment["RAPPIT_KAFKA"], auto_offset_reset="earliest")
    await consumer.start()
    try:
        async with asyncio.timeout(30):
            return [StockEvent.FromString((await consumer.getone()).value) for _ in range(count)]
    finally:
        await consumer.stop()
