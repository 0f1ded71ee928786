"""Which deliveries are read."""

import pytest

from orders.orders.snapshot import Snapshot
from orders.providers.read_delivery import PROVIDERS, WithoutEffect, read_delivery
from orders.providers.unreadable_body import UnreadableBody
from tests.gateway.webhooks.samples_of_stores import sample
from tests.given.shopify_orders import body, placed

SHOPIFY = PROVIDERS["shopify"]


@pytest.mark.parametrize("topic", ["orders/create", "orders/updated", "orders/paid", "orders/cancelled"])
def test_topics_with_a_whole_order_are_read(topic: str) -> None:
    order = placed()

    assert isinstance(read_delivery(SHOPIFY, topic, str(order["id"]), body(order)), Snapshot)


@pytest.mark.parametrize(
    "name",
    [
        "hookdeck-2024-10-orders-edited",
        "hookdeck-2024-10-refunds-create",
        "hookdeck-2024-10-fulfillments-create",
        "hookdeck-2024-10-inventory_levels-update",
        "customers-redact",
    ],
)
def test_other_topics_have_no_effect_and_say_why(name: str) -> None:
    topic = name.removeprefix("hookdeck-2024-10-").replace("-", "/")

    found = read_delivery(SHOPIFY, topic, "820982911946154500", sample(f"{name}.json"))

    assert isinstance(found, WithoutEffect)
    assert found.reason


def test_a_body_that_says_of_no_order_what_it_is_about_is_refused() -> None:
    with pytest.raises(UnreadableBody, match="the body does not say which order it is about"):
        read_delivery(SHOPIFY, "orders/create", "", b"{}")


def test_a_body_of_another_order_than_it_was_queued_for_is_refused() -> None:
    order = placed()

    with pytest.raises(UnreadableBody, match=r"^id: "):
        read_delivery(SHOPIFY, "orders/create", str(order["id"] + 1), body(order))
