"""ConnectStore: a merchant's shop, with its secret sealed."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from chassis.database.pool import Database
from chassis.sealing import CannotOpen, Sealer
from orders.stores.store import secret_context
from rappit.orders.v1.events_pb2 import StoreEvent
from rappit.orders.v1.store_pb2 import PROVIDER_SHOPIFY, PROVIDER_UNSPECIFIED, Store
from rappit.orders.v1.stores_pb2 import ConnectStoreRequest, ConnectStoreResponse
from tests.given.log_lines import LogLines
from tests.given.refusals import refused
from tests.given.served_orders import ServedOrders
from tests.given.service_keys import ServiceKeys
from tests.given.shop import SECRET, open_organization


def request(**fields: Any) -> ConnectStoreRequest:
    values = {"provider": PROVIDER_SHOPIFY, "name": "Riyadh", "shop": new_shop(), "webhook_secret": SECRET}
    return ConnectStoreRequest(**{**values, **fields})


def new_shop() -> str:
    return f"{uuid4().hex}.myshopify.com"


async def connect(served: ServedOrders, organization: UUID, key: str | None = None, **fields: Any) -> Store:
    answer: ConnectStoreResponse = await served.call(
        served.stores.ConnectStore, request(**fields), organization, key=key
    )
    return answer.store


@pytest.fixture
async def organization(orders_database: Database) -> UUID:
    """A new organisation without stores."""
    return await open_organization(orders_database)


async def test_a_connected_store_says_where_its_webhooks_go(served_orders: ServedOrders, organization: UUID) -> None:
    shop = new_shop()

    store = await connect(served_orders, organization, shop=shop.upper())

    assert (store.provider, store.name, store.shop) == (PROVIDER_SHOPIFY, "Riyadh", shop)
    assert store.webhook_path == f"/webhooks/shopify/{store.id}"
    assert store.HasField("create_time")


async def test_others_are_told_that_it_changed_and_no_more(served_orders: ServedOrders, organization: UUID) -> None:
    store = await connect(served_orders, organization)

    async with served_orders.database.transaction(organization) as tx:
        rows = await (await tx.execute("SELECT aggregateid, payload FROM outbox")).fetchall()
    (row,) = rows
    event = StoreEvent.FromString(row.payload)
    assert (row.aggregateid, event.header.aggregate_id, event.header.aggregate_version) == (store.id, store.id, 1)
    assert event.WhichOneof("event") == "store_changed"


async def test_its_secret_is_sealed_for_it_alone(
    served_orders: ServedOrders, organization: UUID, service_keys: ServiceKeys
) -> None:
    """Trap 7."""
    store = await connect(served_orders, organization)

    async with served_orders.database.transaction(organization) as tx:
        (row,) = await (await tx.execute("SELECT webhook_secret FROM stores")).fetchall()
    sealer = Sealer.from_file(service_keys.master_key_file)
    assert SECRET.encode() not in row.webhook_secret
    assert sealer.open(row.webhook_secret, secret_context(UUID(store.id))) == SECRET.encode()
    with pytest.raises(CannotOpen):
        sealer.open(row.webhook_secret, secret_context(uuid4()))


async def test_its_secret_is_in_no_answer_event_log_or_kept_key(
    served_orders: ServedOrders, organization: UUID, log_lines: LogLines
) -> None:
    """Trap 7."""
    store = await connect(served_orders, organization)

    assert SECRET not in str(store)
    assert SECRET not in log_lines.text
    async with served_orders.database.transaction(organization) as tx:
        kept = await (await tx.execute("SELECT answer AS said FROM idempotency_keys")).fetchall()
        told = await (await tx.execute("SELECT payload AS said FROM outbox")).fetchall()
    assert len([*kept, *told]) == 2
    assert not [row for row in (*kept, *told) if SECRET.encode() in row.said]


async def test_a_shop_is_connected_once(served_orders: ServedOrders, organization: UUID) -> None:
    shop = new_shop()
    store = await connect(served_orders, organization, shop=shop)

    with refused("STORE_ALREADY_CONNECTED") as refusal:
        await connect(served_orders, organization, shop=shop.upper())

    assert refusal.error.facts == {"shop": shop, "store_id": store.id}


async def test_two_organisations_may_connect_one_shop(
    served_orders: ServedOrders, organization: UUID, orders_database: Database
) -> None:
    shop = new_shop()
    other = await open_organization(orders_database)

    first = await connect(served_orders, organization, shop=shop)

    assert (await connect(served_orders, other, shop=shop)).id != first.id


async def test_the_same_call_twice_connects_once(served_orders: ServedOrders, organization: UUID) -> None:
    key, shop = str(uuid4()), new_shop()

    first = await connect(served_orders, organization, key, shop=shop)

    assert await connect(served_orders, organization, key, shop=shop) == first


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("provider", PROVIDER_UNSPECIFIED),
        ("name", ""),
        ("name", "x" * 121),
        ("shop", "no host/name"),
        ("shop", ""),
        ("webhook_secret", "too-short"),
        ("webhook_secret", ""),
    ],
)
async def test_a_field_that_breaks_its_rule_is_named(
    served_orders: ServedOrders, organization: UUID, field: str, value: Any
) -> None:
    with refused("INVALID_REQUEST") as refusal:
        await connect(served_orders, organization, **{field: value})

    assert {violation.field for violation in refusal.error.violations} == {field}


async def test_it_needs_its_permission(served_orders: ServedOrders, organization: UUID) -> None:
    with refused("NOT_PERMITTED"):
        await served_orders.call(served_orders.stores.ConnectStore, request(), organization, "stores.read")
