"""CreateOrder: orders that come from no store."""

import asyncio
from typing import Any
from uuid import uuid4

from orders.orders.order import FulfillmentStatus
from rappit.orders.v1.mappings_pb2 import MapSkuRequest
from rappit.orders.v1.order_entry_pb2 import CreateOrderRequest, NewCustomer, NewOrderLine
from rappit.orders.v1.order_parts_pb2 import OrderTotals
from rappit.orders.v1.order_pb2 import (
    LINE_KIND_CUSTOM,
    MAPPING_STATE_UNMAPPED,
    PAYMENT_STATUS_PAID,
    PAYMENT_STATUS_PENDING,
    Order,
)
from rappit.orders.v1.orders_pb2 import ListOrdersRequest
from rappit.types.v1.address_pb2 import Address
from rappit.types.v1.money_pb2 import Money
from tests.given.refusals import refused
from tests.given.served_orders import ServedOrders
from tests.given.shop import Shop, open_shop
from tests.given.shopify_orders import placed


def sar(minor_units: int) -> Money:
    return Money(minor_units=minor_units, currency="SAR")


def line(sku: str = "TEE-RED", quantity: int = 2, price: int = 5900, **fields: Any) -> NewOrderLine:
    return NewOrderLine(sku=sku, quantity=quantity, unit_price=sar(price), **fields)


async def create(
    served: ServedOrders, shop: Shop, *lines: NewOrderLine, key: str | None = None, **fields: Any
) -> Order:
    request = CreateOrderRequest(lines=lines or [line()], **fields)
    order: Order = (await served.call(served.orders.CreateOrder, request, shop.organization, key=key)).order
    return order


async def test_an_order_is_entered_with_all_that_is_said_of_it(served_orders: ServedOrders, shop: Shop) -> None:
    order = await create(
        served_orders,
        shop,
        line("TEE-RED", 2, 5900, discount=sar(800)),
        NewOrderLine(item_id=str(shop.items["CAP"]), quantity=1, unit_price=sar(2000), tax=sar(300), title="A cap"),
        NewOrderLine(custom="Engraving", quantity=1, unit_price=sar(1500)),
        line("SCARF", 1, 1000),
        external_id="T-17",
        name="Telephone 17",
        customer=NewCustomer(name="Huda Saleh", email="huda@example.com"),
        shipping_address=Address(name="Huda Saleh", city="Riyadh", country_code="SA"),
        shipping_price=sar(2500),
        note="Ring twice",
        tags=["vip", "phone", "vip"],
    )

    assert (order.store_id, order.external_id, order.name) == ("", "T-17", "Telephone 17")
    assert order.payment_status == PAYMENT_STATUS_PENDING
    assert order.totals == OrderTotals(
        subtotal=sar(16300), discount=sar(800), shipping=sar(2500), tax=sar(300), total=sar(18300)
    )
    assert (order.customer.name, order.customer.external_id, order.shipping_address.city) == (
        "Huda Saleh",
        "",
        "Riyadh",
    )
    assert (order.note, list(order.own_tags), list(order.tags)) == ("Ring twice", ["phone", "vip"], [])
    tee, cap, engraving, scarf = order.lines
    assert [tee.item_id, cap.item_id] == [str(shop.items["TEE-RED"]), str(shop.items["CAP"])]
    assert (cap.sku, cap.title) == ("CAP", "A cap")
    assert (engraving.kind, engraving.title) == (LINE_KIND_CUSTOM, "Engraving")
    assert scarf.mapping == MAPPING_STATE_UNMAPPED
    (event,) = await shop.told(await shop.order("Telephone 17"))
    assert {(each.item_id, each.wanted) for each in event.order_changed.lines} == {
        (str(shop.items["TEE-RED"]), 2),
        (str(shop.items["CAP"]), 1),
    }
    (entry,) = await shop.rows("SELECT event, message, actor FROM order_timeline")
    assert tuple(entry) == ("CREATED", "entered here with 4 lines", f"user:{served_orders.user}")


async def test_it_is_reserved_cancelled_and_listed_like_any_other(served_orders: ServedOrders, shop: Shop) -> None:
    await create(served_orders, shop, external_id="T-17")
    await shop.deliver(placed())

    await shop.reserved(await shop.order("T-17"))
    assert (await shop.order("T-17")).status is FulfillmentStatus.RESERVED
    request = ListOrdersRequest(query="T-17")
    listed = await served_orders.call(served_orders.orders.ListOrders, request, shop.organization)
    assert [order.name for order in listed.orders] == ["T-17"]
    assert (await shop.cancel(await shop.order("T-17"))).status is FulfillmentStatus.CANCELLED


async def test_a_repeat_is_the_same_order(served_orders: ServedOrders, shop: Shop) -> None:
    """Trap 15: by the key, and by the external id."""
    key = str(uuid4())
    first = await create(served_orders, shop, external_id="T-17", key=key)

    assert await create(served_orders, shop, external_id="T-17", key=key) == first
    assert await create(served_orders, shop, external_id="T-17") == first
    assert len(await shop.orders()) == 1


async def test_a_repeat_after_a_change_is_the_order_as_it_is_now(served_orders: ServedOrders, shop: Shop) -> None:
    """Trap 15."""
    await create(served_orders, shop, external_id="T-17")
    await shop.cancel(await shop.order("T-17"))

    again = await create(served_orders, shop, external_id="T-17")

    assert again.cancel_reason == "CUSTOMER_REQUEST"
    assert len(await shop.orders()) == 1


async def test_another_order_with_its_external_id_is_refused(served_orders: ServedOrders, shop: Shop) -> None:
    """Trap 15. Several quantities, so that the other's digest is now the greater, now the smaller one."""
    first = await create(served_orders, shop, external_id="T-17")

    for quantity in range(3, 9):
        with refused("ORDER_ALREADY_EXISTS") as refusal:
            await create(served_orders, shop, line(quantity=quantity), external_id="T-17")
        assert refusal.error.facts == {"external_id": "T-17", "order_id": first.id}

    assert (await shop.order("T-17")).lines[0].wanted == 2
    assert (await shop.order("T-17")).etag == 1


async def test_orders_without_a_store_obey_uniqueness_too(served_orders: ServedOrders, shop: Shop) -> None:
    """Trap 15: entered five times at once it is one order."""
    orders = await asyncio.gather(*(create(served_orders, shop, external_id="T-17") for _ in range(5)))

    assert len({order.id for order in orders}) == 1
    assert len(await shop.orders()) == 1


async def test_without_external_id_each_is_an_order(served_orders: ServedOrders, shop: Shop) -> None:
    first, second = await create(served_orders, shop), await create(served_orders, shop)

    assert first.id != second.id
    assert first.name.startswith("M-")


async def test_two_guests_are_two_customers(served_orders: ServedOrders, shop: Shop) -> None:
    """Trap 15."""
    guest = NewCustomer(name="Huda Saleh", email="huda@example.com")
    first = await create(served_orders, shop, customer=guest)
    second = await create(served_orders, shop, customer=guest)

    assert first.customer.id != second.customer.id


async def test_the_same_external_id_in_another_organisation_is_another_order(
    served_orders: ServedOrders, shop: Shop
) -> None:
    """Traps 1 and 2."""
    stranger = await open_shop(shop.database, "TEE-RED")
    own = await create(served_orders, shop, external_id="T-17")

    assert (await create(served_orders, stranger, external_id="T-17")).id != own.id


async def test_an_order_may_be_paid_already(served_orders: ServedOrders, shop: Shop) -> None:
    assert (await create(served_orders, shop, paid=True)).payment_status == PAYMENT_STATUS_PAID


async def test_an_item_of_nobody_or_of_others_is_refused(served_orders: ServedOrders, shop: Shop) -> None:
    """Trap 2."""
    stranger = await open_shop(shop.database, "TEE-RED")

    for item_id in (uuid4(), stranger.items["TEE-RED"]):
        with refused("ITEM_NOT_FOUND") as refusal:
            await create(served_orders, shop, NewOrderLine(item_id=str(item_id), quantity=1, unit_price=sar(1)))
        assert refusal.error.facts == {"item_id": str(item_id)}


async def test_an_item_that_is_named_itself_is_taken_whatever_its_sku_means(
    served_orders: ServedOrders, shop: Shop
) -> None:
    say = MapSkuRequest(sku="CAP", item_id=str(shop.items["MUG"]))
    await served_orders.call(served_orders.mappings.MapSku, say, shop.organization)
    cap = NewOrderLine(item_id=str(shop.items["CAP"]), quantity=1, unit_price=sar(2000))

    order = await create(served_orders, shop, cap, line("CAP"))

    assert [each.item_id for each in order.lines] == [str(shop.items["CAP"]), str(shop.items["MUG"])]


async def test_amounts_are_of_one_currency_and_not_negative(served_orders: ServedOrders, shop: Shop) -> None:
    """Trap 18."""
    with refused("INVALID_REQUEST") as refusal:
        await create(served_orders, shop, line(), line(price=-1), shipping_price=Money(minor_units=1, currency="USD"))

    assert [(each.field, each.description) for each in refusal.error.violations] == [
        ("lines[1].unit_price.minor_units", "is negative"),
        ("shipping_price.currency", "is not SAR"),
    ]


async def test_addresses_say_something(served_orders: ServedOrders, shop: Shop) -> None:
    with refused("INVALID_REQUEST") as refusal:
        await create(served_orders, shop, line(), billing_address=Address())

    assert [(each.field, each.description) for each in refusal.error.violations] == [("billing_address", "is empty")]


async def test_it_needs_its_permission(served_orders: ServedOrders, shop: Shop) -> None:
    with refused("NOT_PERMITTED"):
        await served_orders.call(
            served_orders.orders.CreateOrder, CreateOrderRequest(lines=[line()]), shop.organization, "orders.edit"
        )
