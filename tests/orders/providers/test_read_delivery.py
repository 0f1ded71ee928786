"""What deliveries say, by their topics."""

import pytest

from orders.orders.snapshot import Snapshot
from orders.providers.read_delivery import PROVIDERS, read_delivery
from orders.providers.reading import Deleted, Hint, PrivacyKind, PrivacyRequest, Uninstalled, WithoutEffect
from orders.providers.unreadable_body import UnreadableBody
from tests.given.samples_of_stores import sample
from tests.given.shopify_orders import body, placed

SHOPIFY = PROVIDERS["shopify"]
AN_ORDER = "820982911946154500"


@pytest.mark.parametrize(
    "topic",
    [
        "orders/create",
        "orders/updated",
        "orders/paid",
        "orders/cancelled",
        "orders/fulfilled",
        "orders/partially_fulfilled",
    ],
)
def test_topics_with_a_whole_order_are_read(topic: str) -> None:
    order = placed()

    assert isinstance(read_delivery(SHOPIFY, topic, str(order["id"]), body(order)), Snapshot)


@pytest.mark.parametrize("name", ["orders-edited", "refunds-create", "fulfillments-create"])
def test_a_part_or_a_difference_of_an_order_only_hints_at_it(name: str) -> None:
    """Trap 48."""
    found = read_delivery(SHOPIFY, name.replace("-", "/"), AN_ORDER, sample(f"hookdeck-2024-10-{name}.json"))

    assert isinstance(found, Hint)
    assert found.snapshot is None


@pytest.mark.parametrize("raw", [b'{"id": 820982911946154500}', body(placed())])
def test_a_delete_is_one_whatever_its_body(raw: bytes) -> None:
    assert read_delivery(SHOPIFY, "orders/delete", AN_ORDER, raw) == Deleted()


def test_requests_for_a_person_name_them_by_all_that_the_store_gives() -> None:
    person = b'"customer": {"id": 191167, "email": "john@example.com"}'
    asked = (b'{%b, "orders_requested": [299938], "shop_domain": "A.b"}' % person, "data_request")
    redacted = (sample("customers-redact.json"), "redact")
    only_email = (b'{"customer": {"email": "john@example.com"}, "orders_to_redact": []}', "redact")

    found = [read_delivery(SHOPIFY, f"customers/{topic}", "", raw) for raw, topic in (asked, redacted, only_email)]

    assert found == [
        PrivacyRequest(PrivacyKind.DATA_REQUEST, "191167", "john@example.com", ("299938",), "a.b"),
        PrivacyRequest(
            PrivacyKind.CUSTOMER_REDACT,
            "191167",
            "john@example.com",
            ("299938", "280263", "220458"),
            "{shop}.myshopify.com",
        ),
        PrivacyRequest(PrivacyKind.CUSTOMER_REDACT, "", "john@example.com", ()),
    ]


def test_what_is_about_the_store_itself() -> None:
    shop = read_delivery(SHOPIFY, "shop/redact", "", b'{"shop_id": 1, "shop_domain": "a.b"}')
    assert shop == PrivacyRequest(PrivacyKind.SHOP_REDACT, shop="a.b")
    assert read_delivery(SHOPIFY, "app/uninstalled", "", b"{}") == Uninstalled()


@pytest.mark.parametrize("topic", ["products/update", "inventory_levels/update", "themes/publish"])
def test_other_topics_have_no_effect_and_say_why(topic: str) -> None:
    found = read_delivery(SHOPIFY, topic, "", b"not even JSON")

    assert isinstance(found, WithoutEffect)
    assert found.reason


def test_a_hint_that_says_of_no_order_what_it_is_about_is_refused() -> None:
    with pytest.raises(UnreadableBody, match="the body does not say which order it is about"):
        read_delivery(SHOPIFY, "orders/edited", "", b"{}")


def test_a_body_of_another_order_than_it_was_queued_for_is_refused() -> None:
    order = placed()

    with pytest.raises(UnreadableBody, match=r"^id: "):
        read_delivery(SHOPIFY, "orders/create", str(order["id"] + 1), body(order))
