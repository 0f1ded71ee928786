"""ChangeShippingAddress: an order goes elsewhere, whatever the store says later."""

from uuid import uuid4

import pytest

from rappit.orders.v1.order_entry_pb2 import ChangeShippingAddressRequest
from rappit.orders.v1.order_pb2 import Order
from rappit.orders.v1.orders_pb2 import GetOrderRequest
from rappit.types.v1.address_pb2 import Address
from tests.given.refusals import refused
from tests.given.served_orders import ServedOrders
from tests.given.shop import Shop, open_shop
from tests.given.shopify_orders import address as address_of
from tests.given.shopify_orders import fulfilled, item, later, placed

JEDDAH = Address(name="Layla Haddad", line1="Corniche 4", city="Jeddah", postal_code="23511", country_code="SA")


async def send_to(
    served: ServedOrders, shop: Shop, where: Address | None, *, order_id: str = "", reason: str = "", etag: str = ""
) -> Order:
    order_id = order_id or str((await shop.order()).id)
    request = ChangeShippingAddressRequest(order_id=order_id, shipping_address=where, reason=reason, etag=etag)
    order: Order = (await served.call(served.orders.ChangeShippingAddress, request, shop.organization)).order
    return order


async def entries(shop: Shop, event: str) -> list[tuple[str, ...]]:
    rows = await shop.rows(
        "SELECT message, actor, reason, old_value, new_value FROM order_timeline WHERE event = %s ORDER BY position",
        event,
    )
    return [tuple(row) for row in rows]


async def test_it_goes_there_and_the_timeline_says_from_where_by_whom_and_why(
    served_orders: ServedOrders, shop: Shop
) -> None:
    await shop.deliver(placed("#1047", item("TEE-RED", 2)))
    before = await shop.order()
    await shop.reserved(before)

    order = await send_to(served_orders, shop, JEDDAH, reason="She moved")

    assert (order.shipping_address, order.shipping_address_edited) == (JEDDAH, True)
    assert order.store_shipping_address.city == "Riyadh"
    request = GetOrderRequest(order_id=order.id)
    assert (await served_orders.call(served_orders.orders.GetOrder, request, shop.organization)).order == order
    assert await entries(shop, "ADDRESS_CHANGED") == [
        (
            "the shipping address",
            f"user:{served_orders.user}",
            "She moved",
            "Layla Haddad, King Fahd Road 12, 12271 Riyadh, RI, SA, +966500000001",
            "Layla Haddad, Corniche 4, 23511 Jeddah, SA",
        )
    ]


async def test_no_event_tells_it_and_what_is_reserved_stays(served_orders: ServedOrders, shop: Shop) -> None:
    await shop.deliver(placed())
    await shop.reserved(await shop.order())
    before = await shop.order()

    await send_to(served_orders, shop, JEDDAH)

    after = await shop.order()
    assert (after.version, after.status, after.etag) == (before.version, before.status, before.etag + 1)
    assert len(await shop.told(after)) == 1


async def test_no_snapshot_takes_it_back_and_a_change_of_the_stores_is_seen(
    served_orders: ServedOrders, shop: Shop
) -> None:
    order = placed()
    await shop.deliver(order)
    await send_to(served_orders, shop, JEDDAH)

    moved = later(order, shipping_address=address_of("Layla Haddad") | {"city": "Dammam"})
    await shop.deliver(later(order, note="Ring twice"), later(moved))

    found = await shop.order()
    assert found.shipping_address
    assert found.shipping_address.city == "Jeddah"
    assert [entry[0] for entry in await entries(shop, "ADDRESS_KEPT")] == [
        "the store names another shipping address: the one given here stays"
    ]
    after = await send_to(served_orders, shop, None)
    assert (after.shipping_address.city, after.shipping_address_edited) == ("Dammam", False)


async def test_the_same_again_changes_nothing(served_orders: ServedOrders, shop: Shop) -> None:
    await shop.deliver(placed())

    first = await send_to(served_orders, shop, JEDDAH)

    assert await send_to(served_orders, shop, JEDDAH, etag=first.etag) == first


async def test_what_left_in_part_can_go_elsewhere_and_what_left_whole_cannot(
    served_orders: ServedOrders, shop: Shop
) -> None:
    order = placed("#1047", item("TEE-RED", 2))
    left = fulfilled(order, "TEE-RED", 1)
    await shop.deliver(order, left)
    await send_to(served_orders, shop, JEDDAH)

    await shop.deliver(fulfilled(left, "TEE-RED", 1))

    with refused("ORDER_FULFILLED"):
        await send_to(served_orders, shop, None)


@pytest.mark.parametrize(
    ("address", "faults"),
    [
        (Address(), [("shipping_address", "is empty")]),
        (
            Address(name="L" * 201, country_code="sa"),
            [
                ("shipping_address.name", "has more than 200 characters"),
                ("shipping_address.country_code", "is no two capitals, for example SA"),
            ],
        ),
    ],
)
async def test_an_address_that_no_parcel_finds_is_refused(
    served_orders: ServedOrders, shop: Shop, address: Address, faults: list[tuple[str, str]]
) -> None:
    await shop.deliver(placed())
    before = await shop.order()

    with refused("INVALID_REQUEST") as refusal:
        await send_to(served_orders, shop, address)

    assert [(each.field, each.description) for each in refusal.error.violations] == faults
    assert await shop.order() == before


async def test_refusals(served_orders: ServedOrders, shop: Shop) -> None:
    """Trap 2: another organisation's order is not found, and stays."""
    stranger = await open_shop(shop.database)
    await stranger.deliver(placed())
    theirs = await stranger.order()
    await shop.deliver(placed())

    for order_id in (str(uuid4()), str(theirs.id)):
        with refused("ORDER_NOT_FOUND"):
            await send_to(served_orders, shop, JEDDAH, order_id=order_id)
    assert await stranger.order() == theirs
    with refused("CHANGED_MEANWHILE"):
        await send_to(served_orders, shop, JEDDAH, etag="7")
    await shop.cancel(await shop.order())
    with refused("ORDER_CANCELLED"):
        await send_to(served_orders, shop, JEDDAH)
