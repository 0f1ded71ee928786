"""ListTimelineEntries: what happened to an order, oldest first."""

from typing import Any
from uuid import uuid4

from rappit.orders.v1.orders_pb2 import ListTimelineEntriesRequest, ListTimelineEntriesResponse
from tests.given.refusals import refused
from tests.given.served_orders import ServedOrders
from tests.given.shop import Shop, open_shop
from tests.given.shopify_orders import edited, item, later, paid, placed
from tests.given.statements import statements


async def entries(served: ServedOrders, shop: Shop, **fields: Any) -> ListTimelineEntriesResponse:
    """A page of the shop's one order."""
    order_id = fields.pop("order_id", None) or str((await shop.order()).id)
    request = ListTimelineEntriesRequest(order_id=str(order_id), **fields)
    answer: ListTimelineEntriesResponse = await served.call(
        served.orders.ListTimelineEntries, request, shop.organization
    )
    return answer


async def test_it_tells_what_happened_in_words(served_orders: ServedOrders, shop: Shop) -> None:
    order = placed("#1047", item("TEE-RED", 2), item("CAP"))
    await shop.deliver(order, paid(order))
    await shop.reserved(await shop.order())
    await shop.deliver(edited(later(paid(order)), "TEE-RED", 1))

    answer = await entries(served_orders, shop)

    store = f"store:{shop.store.id}"
    assert [(entry.position, entry.event, entry.message, entry.actor) for entry in answer.entries] == [
        (1, "CREATED", "came in with 2 lines", store),
        (2, "PAYMENT_CHANGED", "AUTHORIZED before, PAID now", store),
        (3, "RESERVED", "2 lines reserved", "service:inventory"),
        (4, "LINES_CHANGED", "TEE-RED: 2 before, 1 now", store),
    ]
    assert [entry.HasField("time") for entry in answer.entries] == [True] * 4
    assert answer.next_page_token == ""


async def test_pages_follow_each_other_without_gap(served_orders: ServedOrders, shop: Shop) -> None:
    """Trap 27."""
    order = placed()
    for number in range(6):
        order = later(order, note=f"note {number}")
        await shop.deliver(order)

    seen: list[int] = []
    token = ""
    while not seen or token:
        page = await entries(served_orders, shop, page_size=2, page_token=token)
        seen += [entry.position for entry in page.entries]
        token = page.next_page_token

    assert seen == list(range(1, 7))


async def test_a_token_of_another_order_is_refused(served_orders: ServedOrders, shop: Shop) -> None:
    order = placed()
    await shop.deliver(order, paid(order))
    token = (await entries(served_orders, shop, page_size=1)).next_page_token
    assert token

    with refused("PAGE_TOKEN_INVALID"):
        await entries(served_orders, shop, order_id=uuid4(), page_token=token)


async def test_an_unknown_order_is_not_found(served_orders: ServedOrders, shop: Shop) -> None:
    with refused("ORDER_NOT_FOUND"):
        await entries(served_orders, shop, order_id=uuid4())


async def test_another_organisations_order_is_not_found(served_orders: ServedOrders, shop: Shop) -> None:
    """Trap 2."""
    stranger = await open_shop(shop.database)
    await stranger.deliver(placed())

    with refused("ORDER_NOT_FOUND"):
        await entries(served_orders, shop, order_id=(await stranger.order()).id)


async def test_it_takes_two_statements(served_orders: ServedOrders, shop: Shop) -> None:
    await shop.deliver(placed())
    order_id = (await shop.order()).id

    with statements() as seen:
        await entries(served_orders, shop, order_id=order_id)

    assert len(seen) == 2
