"""GetOrder: one order with its lines."""

from uuid import uuid4

from rappit.orders.v1.order_pb2 import (
    FULFILLMENT_STATUS_CANCELLED,
    FULFILLMENT_STATUS_SHORT,
    LINE_KIND_NOT_SHIPPED,
    LINE_KIND_STOCKED,
    MAPPING_STATE_MAPPED,
    MAPPING_STATE_NOT_NEEDED,
    MAPPING_STATE_UNMAPPED,
    PAYMENT_STATUS_AUTHORIZED,
    Order,
)
from rappit.orders.v1.orders_pb2 import GetOrderRequest
from rappit.types.v1.money_pb2 import Money
from tests.given.refusals import refused
from tests.given.served_orders import ServedOrders
from tests.given.shop import Shop, open_shop
from tests.given.shopify_orders import PLACED, both, cancelled, item, placed
from tests.given.statements import statements


async def get(served: ServedOrders, shop: Shop) -> Order:
    request = GetOrderRequest(order_id=str((await shop.order()).id))
    order: Order = (await served.call(served.orders.GetOrder, request, shop.organization)).order
    return order


def sar(minor_units: int) -> Money:
    return Money(minor_units=minor_units, currency="SAR")


async def test_an_order_is_shown_as_the_store_gave_it(served_orders: ServedOrders, shop: Shop) -> None:
    given = placed(
        "#1047",
        item("TEE-RED", 2, variant_title="Red / L"),
        item("SCARF"),
        item("CARD", gift_card=True),
        tags="vip, gift",
        note="Ring twice",
        shipping_lines=[{"title": "Express", "code": "EXP", "price": "25.00"}],
        total_shipping_price_set=both("25.00", "SAR"),
        total_price_set=both("261.00", "SAR"),
    )
    await shop.deliver(given)
    await shop.reserved(await shop.order())

    order = await get(served_orders, shop)

    assert (order.name, order.external_id) == ("#1047", str(given["id"]))
    assert order.store_id == str(shop.store.id)
    assert order.payment_status == PAYMENT_STATUS_AUTHORIZED
    assert order.order_time.ToDatetime(PLACED.tzinfo) == PLACED
    assert (order.fulfillment_status, order.short_reason) == (FULFILLMENT_STATUS_SHORT, "no item has the SKU SCARF")
    assert (order.version, order.etag, order.line_count, order.unmapped_line_count) == (1, "2", 3, 1)
    assert order.totals.subtotal == sar(23600)
    assert (order.totals.shipping, order.totals.total, order.totals.taxes_included) == (sar(2500), sar(26100), True)
    assert order.presentment_totals == order.totals
    assert not order.totals_mismatch
    assert (order.customer.name, order.customer.email) == ("Layla Haddad", "layla@example.com")
    assert order.customer.external_id == str(given["customer"]["id"])
    assert order.shipping_address.line1 == "King Fahd Road 12"
    assert (order.shipping_address.region, order.shipping_address.country_code) == ("RI", "SA")
    assert (order.note, list(order.tags)) == ("Ring twice", ["gift", "vip"])
    assert [(line.title, line.code, line.price) for line in order.shipping_lines] == [("Express", "EXP", sar(2500))]
    assert [(line.sku, line.kind, line.mapping) for line in order.lines] == [
        ("TEE-RED", LINE_KIND_STOCKED, MAPPING_STATE_MAPPED),
        ("SCARF", LINE_KIND_STOCKED, MAPPING_STATE_UNMAPPED),
        ("CARD", LINE_KIND_NOT_SHIPPED, MAPPING_STATE_NOT_NEEDED),
    ]
    tee = order.lines[0]
    assert (tee.item_id, tee.variant_title, tee.unit_price) == (str(shop.items["TEE-RED"]), "Red / L", sar(5900))
    assert (tee.ordered, tee.wanted, tee.fulfilled, tee.reserved) == (2, 2, 0, 2)
    assert not order.HasField("cancel_time")


async def test_a_cancelled_order_says_when_and_why(served_orders: ServedOrders, shop: Shop) -> None:
    order = placed()
    await shop.deliver(order, cancelled(order, "fraud"))

    found = await get(served_orders, shop)

    assert (found.fulfillment_status, found.cancel_reason) == (FULFILLMENT_STATUS_CANCELLED, "FRAUD_SUSPECTED")
    assert found.HasField("cancel_time")


async def test_an_order_without_people_has_none(served_orders: ServedOrders, shop: Shop) -> None:
    nobody = {"customer": None, "email": None, "billing_address": None, "shipping_address": None}
    await shop.deliver(placed() | nobody)

    found = await get(served_orders, shop)

    assert [found.HasField(name) for name in ("customer", "billing_address", "shipping_address")] == [False] * 3


async def test_it_takes_one_statement(served_orders: ServedOrders, shop: Shop) -> None:
    """What is shown of an order and of its lines is of one moment."""
    await shop.deliver(placed("#1047", *(item("TEE-RED") for _ in range(30))))
    request = GetOrderRequest(order_id=str((await shop.order()).id))

    with statements() as seen:
        answer = await served_orders.call(served_orders.orders.GetOrder, request, shop.organization)

    assert (len(seen), len(answer.order.lines)) == (1, 30)


async def test_an_unknown_order_is_not_found(served_orders: ServedOrders, shop: Shop) -> None:
    request = GetOrderRequest(order_id=str(uuid4()))

    with refused("ORDER_NOT_FOUND") as refusal:
        await served_orders.call(served_orders.orders.GetOrder, request, shop.organization)

    assert (refusal.error.domain, refusal.error.facts) == ("orders.rappit", {"order_id": request.order_id})


async def test_another_organisations_order_is_not_found(served_orders: ServedOrders, shop: Shop) -> None:
    """Trap 2."""
    stranger = await open_shop(shop.database)
    await stranger.deliver(placed())
    request = GetOrderRequest(order_id=str((await stranger.order()).id))

    with refused("ORDER_NOT_FOUND"):
        await served_orders.call(served_orders.orders.GetOrder, request, shop.organization)


async def test_an_id_that_is_none_is_refused(served_orders: ServedOrders, shop: Shop) -> None:
    with refused("INVALID_REQUEST"):
        await served_orders.call(served_orders.orders.GetOrder, GetOrderRequest(order_id="1047"), shop.organization)


async def test_it_needs_its_permission(served_orders: ServedOrders, shop: Shop) -> None:
    request = GetOrderRequest(order_id=str(uuid4()))

    with refused("NOT_PERMITTED"):
        await served_orders.call(served_orders.orders.GetOrder, request, shop.organization, "stores.read")
