"""The process: what it refuses to start without, and its life from `migrate` to SIGTERM."""

from uuid import uuid4

import pytest

from chassis.messaging.kafka import Kafka
from chassis.messaging.topics import Topic, create_topics
from chassis.rpc.client import Peer
from laptop.ports import HOST, free_port
from rappit.gateway.v1.events_pb2 import WebhookReceived
from rappit.identity.v1.events_pb2 import IdentityEvent, OrganizationCreated
from rappit.identity.v1.organizations_pb2 import ORGANIZATION_STATE_ACTIVE
from rappit.inventory.v1.events_pb2 import ItemEvent, StockEvent
from rappit.orders.v1.events_pb2 import OrderEvent
from rappit.orders.v1.webhooks_pb2 import AcceptDeliveryRequest
from rappit.orders.v1.webhooks_pb2_grpc import WebhookServiceStub
from tests.given.merchants import eventually
from tests.given.service_keys import ServiceKeys
from tests.given.service_process import EnvironmentOf, ProcessOf, ServiceProcess, run_once
from tests.given.shop import Shop, message_of, open_store
from tests.given.shopify_orders import placed

SECRETS = [
    "RAPPIT_DATABASE_URL",
    "RAPPIT_FINDER_DATABASE_URL",
    "RAPPIT_SERVICE_KEY_FILE",
    "RAPPIT_SERVICE_PUBLIC_KEYS_FILE",
    "RAPPIT_MASTER_KEY_FILE",
]


def test_it_names_every_setting_that_is_missing(environment_of: EnvironmentOf) -> None:
    """Trap 9."""
    needed = [*SECRETS, "RAPPIT_IDENTITY_ADDRESS", "RAPPIT_KAFKA"]
    left = {name: value for name, value in environment_of("orders").items() if name not in needed}

    ended = run_once("orders", left, "serve")

    assert ended.returncode == 78
    assert [name for name in needed if f"{name} is missing" not in ended.stderr] == []


@pytest.fixture
async def own_kafka(kafka: str, topic_prefix: str) -> Kafka:
    """Topics of this test's own; those of others are there, as their services make them."""
    own = Kafka(kafka, f"{topic_prefix}{uuid4().hex}.", development=True)
    await create_topics(own, [Topic(each) for each in (WebhookReceived, IdentityEvent, ItemEvent, StockEvent)])
    return own


async def test_it_starts_while_kafka_is_away_and_takes_deliveries(
    process_of: ProcessOf, own_kafka: Kafka, service_keys: ServiceKeys
) -> None:
    """Trap 37. Of all calls the one that is made because Kafka is away must not need it."""
    nowhere = Kafka(f"{HOST}:{free_port()}")
    async with process_of("orders", own_kafka, served_with=nowhere) as process:
        organization = uuid4()
        shop = Shop(process.database, organization, await open_store(process.database, organization))
        delivery = shop.delivery(placed("#1047")).event
        gateway = Peer("orders", process.environment["RAPPIT_GRPC_ADDRESS"], service_keys.signer("gateway"))
        accept = WebhookServiceStub(gateway.channel).AcceptDelivery
        await gateway.call(accept, AcceptDeliveryRequest(delivery=delivery), organization=organization)
        await gateway.close()

        assert len(await shop.rows("SELECT FROM inbox")) == 1
        assert await process.stop() == 0


async def test_deliveries_become_orders_that_are_told_of_until_it_is_stopped(
    process_of: ProcessOf, own_kafka: Kafka
) -> None:
    async with process_of("orders", own_kafka) as process:
        await deliveries_become_orders(process)


async def deliveries_become_orders(process: ServiceProcess) -> None:
    database, organization = process.database, uuid4()
    shop = Shop(database, organization, await open_store(database, organization))
    signed_up = IdentityEvent(organization_created=OrganizationCreated(state=ORGANIZATION_STATE_ACTIVE))
    # The delivery comes before identity's event: it waits in its lane until the organisation is known.
    await process.publish(shop.delivery(placed("#1047")).event)
    await eventually(lambda: shop.rows("SELECT FROM inbox WHERE state = 'RETRYING'"), bool)
    await process.publish(message_of(organization, signed_up, str(organization), 1).event)

    (event,) = await process.published(OrderEvent, 1)
    order = await shop.order("#1047")
    told_again = await process.once("republish", "--organization", str(organization))
    _, again = await process.published(OrderEvent, 2)
    unknown = await process.once("republish", "--organization", str(uuid4()))

    assert (event.header.aggregate_id, event.header.aggregate_version) == (str(order.id), 1)
    assert (again.header.aggregate_id, again.order_changed) == (str(order.id), event.order_changed)
    assert told_again.returncode == 0
    assert unknown.returncode == 1
    assert "there is nothing to tell of" in unknown.stderr
    assert await process.stop() == 0
