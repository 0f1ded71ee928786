"""New orders have the shape of the real ones, and add up."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from orders.providers.shopify.order import read_order
from simulator.shops.delivery import body_of
from simulator.shops.people import PEOPLE
from simulator.shops.provider import Json
from tests.given.samples_of_stores import sample
from tests.simulator.shopify.drawn_orders import drawn, one

SAMPLE: Json = json.loads(sample("hookdeck-2024-10-orders-create.json"))
# What the samples leave empty: Shopify's REST Admin API, resource Order, 2024-10.
SAMPLE["tax_lines"] = [
    {"channel_liable": False, "price": "1", "price_set": SAMPLE["total_tax_set"], "rate": 0.15, "title": "VAT"}
]
SAMPLE["discount_codes"] = [{"code": "EID10", "amount": "1.00", "type": "percentage"}]
SAMPLE["discount_applications"] = [
    {
        "target_type": "line_item",
        "type": "discount_code",
        "value": "10.0",
        "value_type": "percentage",
        "allocation_method": "across",
        "target_selection": "all",
        "code": "EID10",
    }
]
for line in (*SAMPLE["line_items"], *SAMPLE["shipping_lines"]):
    line["tax_lines"] = SAMPLE["tax_lines"]
    line["discount_allocations"] = json.loads(sample("hookdeck-2024-10-fulfillments-create.json"))["line_items"][1][
        "discount_allocations"
    ]


def differences(ours: Any, theirs: Any, path: str = "") -> Iterator[str]:
    """Where two bodies differ in names or types; null fits everything, whole numbers fit any number."""
    if ours is None or theirs is None:
        return
    number = isinstance(ours, int | float) and isinstance(theirs, int | float)
    if type(ours) is not type(theirs) and not (number and not isinstance(ours, bool)):
        yield f"{path}: {type(ours).__name__}, not {type(theirs).__name__}"
    elif isinstance(ours, dict):
        yield from (f"{path}.{name}: only in one" for name in ours.keys() ^ theirs.keys())
        for name in ours.keys() & theirs.keys():
            yield from differences(ours[name], theirs[name], f"{path}.{name}")
    elif isinstance(ours, list) and theirs:
        for entry in ours:
            yield from differences(entry, theirs[0], f"{path}[]")


def test_an_order_has_the_samples_fields_and_types() -> None:
    found = {difference for order in drawn() for difference in differences(order, SAMPLE)}

    assert found == set()


def test_what_every_order_must_have_is_never_null() -> None:
    for order in drawn():
        filled = {name for name, value in order.items() if value is not None}
        assert {"id", "name", "email", "created_at", "updated_at", "line_items", "shipping_address"} <= filled
        assert order["shipping_address"]["country_code"] == "SA"
        assert order["shipping_address"]["city"]


def test_orders_reads_it_and_its_totals_add_up() -> None:
    """Trap 18."""
    for order in drawn():
        snapshot = read_order(body_of(order))

        assert not snapshot.totals_mismatch
        assert snapshot.external_id == str(order["id"])
        assert snapshot.name == order["name"]
        assert snapshot.totals.currency == order["currency"]
        assert [(line.sku, line.wanted) for line in snapshot.lines] == [
            (line["sku"], line["quantity"]) for line in order["line_items"]
        ]


def test_taxes_and_discounts_of_the_lines_are_those_of_the_order() -> None:
    for order in drawn():
        lines = [*order["line_items"], *order["shipping_lines"]]
        tax = sum(Decimal(entry["price"]) for line in lines for entry in line["tax_lines"])
        off = sum(Decimal(entry["amount"]) for line in lines for entry in line["discount_allocations"])

        assert tax == Decimal(order["total_tax"])
        assert off == Decimal(order["total_discounts"])
        assert bool(off) == bool(order["discount_applications"]) == bool(order["discount_codes"])


def test_there_is_something_of_everything() -> None:
    orders = list(drawn(200))

    assert {order["financial_status"] for order in orders} == {"paid", "pending"}
    assert {len(order["line_items"]) for order in orders} == {1, 2, 3}
    assert {line["quantity"] for order in orders for line in order["line_items"]} == {1, 2, 3}
    assert {order["currency"] != order["presentment_currency"] for order in orders} == {True, False}
    assert {bool(order["discount_codes"]) for order in orders} == {True, False}
    assert {order["shipping_address"]["first_name"] for order in orders} == {person.first_name for person in PEOPLE}
    assert len({order["shipping_address"]["city"] for order in orders}) == 10
    assert {order["total_shipping_price_set"]["shop_money"]["amount"] == "0.00" for order in orders} == {True, False}


def test_a_guest_is_known_by_the_address_alone_and_a_customer_keeps_an_id() -> None:
    """Trap 15."""
    orders = list(drawn(200))
    guests = [order for order in orders if order["customer"] is None]
    ids: dict[str, set[int]] = {}
    for order in orders:
        if order["customer"]:
            ids.setdefault(order["customer"]["email"], set()).add(order["customer"]["id"])

    assert guests
    assert all(guest["email"] and guest["billing_address"]["name"] for guest in guests)
    assert all(len(found) == 1 for found in ids.values())
    assert len(ids) == len(set.union(*ids.values())) == len(PEOPLE)


def test_its_name_number_and_id_belong_together() -> None:
    order = one()

    assert (order["name"], order["order_number"], order["number"]) == ("#1001", 1001, 1)
    assert order["admin_graphql_api_id"] == f"gid://shopify/Order/{order['id']}"
    assert order["created_at"] == order["updated_at"] == order["processed_at"] == "2026-11-02T14:02:00+03:00"


def test_an_order_that_is_not_paid_says_what_is_outstanding() -> None:
    assert one()["total_outstanding"] == one()["total_price"]
    assert one(is_paid=True)["total_outstanding"] == "0.00"
