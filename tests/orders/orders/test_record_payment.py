"""RecordPayment: an order that was entered here is paid."""

from uuid import uuid4

from rappit.orders.v1.order_entry_pb2 import CreateOrderRequest, NewOrderLine, RecordPaymentRequest
from rappit.orders.v1.order_pb2 import PAYMENT_STATUS_PAID, PAYMENT_STATUS_PENDING, Order
from rappit.orders.v1.orders_pb2 import ListOrdersRequest
from rappit.types.v1.money_pb2 import Money
from tests.given.refusals import refused
from tests.given.served_orders import ServedOrders
from tests.given.shop import Shop
from tests.given.shopify_orders import placed

LINE = NewOrderLine(sku="TEE-RED", quantity=1, unit_price=Money(minor_units=5900, currency="SAR"))


async def enter(served: ServedOrders, shop: Shop) -> Order:
    request = CreateOrderRequest(external_id="T-17", lines=[LINE])
    order: Order = (await served.call(served.orders.CreateOrder, request, shop.organization)).order
    return order


async def pay(served: ServedOrders, shop: Shop, order_id: str, **fields: str) -> Order:
    request = RecordPaymentRequest(order_id=order_id, **fields)
    order: Order = (await served.call(served.orders.RecordPayment, request, shop.organization)).order
    return order


async def named(served: ServedOrders, shop: Shop, status: int) -> list[str]:
    request = ListOrdersRequest(payment_statuses=[status])  # type: ignore[list-item]
    return [order.name for order in (await served.call(served.orders.ListOrders, request, shop.organization)).orders]


async def test_it_is_paid_and_reserved_as_before(served_orders: ServedOrders, shop: Shop) -> None:
    order = await enter(served_orders, shop)

    paid = await pay(served_orders, shop, order.id, note="Bank transfer", etag=order.etag)

    assert (paid.payment_status, paid.version) == (PAYMENT_STATUS_PAID, 1)
    assert await named(served_orders, shop, PAYMENT_STATUS_PAID) == ["T-17"]
    assert await named(served_orders, shop, PAYMENT_STATUS_PENDING) == []
    (entry,) = await shop.rows(
        "SELECT reason, old_value, new_value, actor FROM order_timeline WHERE event = 'PAYMENT_CHANGED'"
    )
    assert tuple(entry) == ("Bank transfer", "PENDING", "PAID", f"user:{served_orders.user}")


async def test_a_payment_is_recorded_once(served_orders: ServedOrders, shop: Shop) -> None:
    order = await enter(served_orders, shop)

    first = await pay(served_orders, shop, order.id)

    assert await pay(served_orders, shop, order.id) == first


async def test_entering_it_again_takes_no_payment_back(served_orders: ServedOrders, shop: Shop) -> None:
    """Trap 15."""
    paid = await pay(served_orders, shop, (await enter(served_orders, shop)).id)

    assert await enter(served_orders, shop) == paid


async def test_refusals(served_orders: ServedOrders, shop: Shop) -> None:
    await shop.deliver(placed())
    with refused("PAYMENT_OF_STORE"):
        await pay(served_orders, shop, str((await shop.order()).id))
    order = await enter(served_orders, shop)
    with refused("CHANGED_MEANWHILE"):
        await pay(served_orders, shop, order.id, etag="7")
    with refused("ORDER_NOT_FOUND"):
        await pay(served_orders, shop, str(uuid4()))
    await shop.cancel(await shop.order("T-17"))
    with refused("ORDER_CANCELLED"):
        await pay(served_orders, shop, order.id)
