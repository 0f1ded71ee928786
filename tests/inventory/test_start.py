"""The process: what it refuses to start without, and its life from `migrate` to SIGTERM."""

from uuid import uuid4

import pytest

from chassis.clock import SystemClock
from chassis.messaging.envelope import new_header
from chassis.messaging.kafka import Kafka
from chassis.messaging.topics import Topic, create_topics
from inventory.stock.level import Balance
from inventory.warehouses.sql import default_warehouse
from rappit.identity.v1.events_pb2 import IdentityEvent, OrganizationCreated
from rappit.inventory.v1.events_pb2 import StockEvent
from rappit.orders.v1.events_pb2 import OrderChanged, OrderEvent
from tests.given.merchants import eventually
from tests.given.service_process import EnvironmentOf, ProcessOf, ServiceProcess, run_once
from tests.given.stock import Stockroom, line

SECRETS = [
    "RAPPIT_DATABASE_URL",
    "RAPPIT_FINDER_DATABASE_URL",
    "RAPPIT_SERVICE_KEY_FILE",
    "RAPPIT_SERVICE_PUBLIC_KEYS_FILE",
]


def test_it_names_every_setting_that_is_missing(environment_of: EnvironmentOf) -> None:
    """Trap 9."""
    needed = [*SECRETS, "RAPPIT_IDENTITY_ADDRESS", "RAPPIT_KAFKA"]
    left = {name: value for name, value in environment_of("inventory").items() if name not in needed}

    ended = run_once("inventory", left, "serve")

    assert ended.returncode == 78
    assert [name for name in needed if f"{name} is missing" not in ended.stderr] == []


@pytest.fixture
async def own_kafka(kafka: str, topic_prefix: str) -> Kafka:
    """Topics of this test's own; those of others are there, as their services make them."""
    own = Kafka(kafka, f"{topic_prefix}{uuid4().hex}.", development=True)
    await create_topics(own, [Topic(each) for each in (IdentityEvent, OrderEvent)])
    return own


async def test_orders_are_reserved_and_those_who_wait_are_served_until_it_is_stopped(
    process_of: ProcessOf, own_kafka: Kafka
) -> None:
    async with process_of("inventory", own_kafka) as process:
        await orders_are_reserved(process)


async def orders_are_reserved(process: ServiceProcess) -> None:
    database = process.database
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
    await process.publish(wants)
    await eventually(lambda: room.rows("SELECT FROM inbox WHERE state = 'RETRYING'"), bool)
    await process.publish(signed_up)
    (short,) = await process.published(StockEvent, 1)
    async with database.transaction(room.organization) as tx:
        main = await default_warehouse(tx)
    assert main is not None
    await room.adjust(mug, 3)
    _, reserved = await process.published(StockEvent, 2)
    told_again = await process.once("republish", "--organization", str(room.organization))
    *_, again = await process.published(StockEvent, 3)
    unknown = await process.once("republish", "--organization", str(uuid4()))
    stopped = await process.stop()

    assert {each.header.aggregate_id for each in (short, reserved, again)} == {str(order)}
    kinds = [(each.header.aggregate_version, each.WhichOneof("event")) for each in (short, reserved, again)]
    assert kinds == [(1, "demand_short"), (2, "demand_reserved"), (3, "demand_reserved")]
    assert short.header.cause == wants.header.id
    assert await room.balance(mug, main) == Balance(on_hand=3, reserved=2)
    assert (told_again.returncode, unknown.returncode, stopped) == (0, 1, 0)
    assert "there is nothing to tell of" in unknown.stderr
