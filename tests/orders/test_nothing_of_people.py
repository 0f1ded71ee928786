"""What people are called, where they live and what they wrote leaves this service by its RPCs alone."""

from collections.abc import Sequence

import pytest

from orders.orders.order import FulfillmentStatus
from orders.providers.unreadable_body import UnreadableBody
from rappit.inventory.v1.events_pb2 import SHORT_REASON_INSUFFICIENT_STOCK
from tests.given.log_lines import LogLines
from tests.given.shop import SECRET, Shop
from tests.given.shopify_orders import Json, address, cancelled, edited, fulfilled, item, later, paid, placed

PEOPLE = ("Qamar", "Zahrani", "qz@example.net", "Olaya", "+966511111111", "Behind the bakery", "Gift for Huda", SECRET)


def order(name: str, *lines: Json) -> Json:
    lives = address("Qamar Zahrani") | {
        "address1": "Olaya 7",
        "address2": "Behind the bakery",
        "phone": "+966511111111",
    }
    buyer = {"id": 77, "first_name": "Qamar", "last_name": "Zahrani", "email": "qz@example.net"}
    return placed(
        name,
        *lines,
        customer=buyer,
        email="qz@example.net",
        phone="+966511111111",
        shipping_address=lives,
        billing_address=lives,
        note="Gift for Huda",
    )


def found(texts: Sequence[str]) -> list[str]:
    return [secret for secret in PEOPLE for text in texts if secret in text]


async def test_no_event_and_no_log_names_anybody(shop: Shop, log_lines: LogLines) -> None:
    """Trap 7, and events carry ids, quantities and states alone."""
    first = order("#1", item("TEE-RED", 2), item("SCARF"))
    second = order("#2", item("CAP"))
    await shop.deliver(first, paid(first), edited(paid(first), "TEE-RED", 1), first)
    await shop.deliver(order("#3") | {"shop_domain": shop.store.shop}, topic="customers/redact")
    await shop.deliver_together(second, cancelled(second))
    await shop.item("SCARF")
    await shop.short(await shop.order("#1"), "TEE-RED", 1, SHORT_REASON_INSUFFICIENT_STOCK)
    await shop.reserved(await shop.order("#1"))
    await shop.cancel(await shop.order("#1"), note="Gift for Huda")
    await shop.deliver(fulfilled(later(later(first)), "TEE-RED", 1))

    told = [str(row.payload) for row in await shop.rows("SELECT payload FROM outbox")]

    assert (await shop.order("#1")).status is FulfillmentStatus.CANCELLED
    assert len(told) > 4
    assert len(log_lines.of("order reserved")) == 1
    assert found([*told, log_lines.text]) == []


async def test_what_went_wrong_is_told_without_them(shop: Shop) -> None:
    with pytest.raises(Exception, match="line_items") as caught:
        await shop.deliver(order("#1") | {"line_items": "Qamar"})

    assert found([str(caught.value), repr(caught.value)]) == []
    assert isinstance(caught.value.__cause__, UnreadableBody)


async def test_the_timeline_names_fields_and_not_what_they_hold(shop: Shop) -> None:
    before = order("#1")
    await shop.deliver(before, later(before, note="Behind the bakery", tags="Olaya", shipping_address=None))

    messages = [row.message for row in await shop.rows("SELECT message FROM order_timeline ORDER BY position")]

    assert messages[1] == "shipping address, note, tags"
    assert found(messages) == []
