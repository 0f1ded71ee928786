"""Edits as stores make them."""

import json
from decimal import Decimal

import pytest

from orders.orders.snapshot import PaymentStatus
from orders.providers.shopify.order import read_order
from simulator.shopify.provider import EDITED, Shopify
from simulator.shops.delivery import body_of
from simulator.shops.provider import ChangeRefused, Json, Verb
from tests.given.samples_of_stores import sample
from tests.simulator.shopify.drawn_orders import NOW, SHOP, one, products

MUG, LAMP, OUD = products()[:3]


def edited(order: Json, *wanted: tuple[int, int]) -> Json:
    """The order with (index of a product, units)."""
    pieces = [(products()[index], units) for index, units in wanted]
    return Shopify().edit(SHOP, order, pieces, NOW).order


def units(order: Json) -> list[tuple[str, int, int]]:
    return [(line["sku"], line["quantity"], line["current_quantity"]) for line in order["line_items"]]


def test_fewer_units_lower_only_the_current_quantity() -> None:
    """Trap 16."""
    order = edited(one(), (0, 1))

    assert units(order) == [(MUG.sku, 2, 1), (LAMP.sku, 1, 1)]
    assert order["line_items"][0]["fulfillable_quantity"] == 1
    assert order["total_price"] == one()["total_price"]
    assert Decimal(order["current_total_price"]) == Decimal(order["total_price"]) - MUG.price


def test_more_units_are_a_new_line_with_its_own_id() -> None:
    """Trap 16."""
    before, order = one(), edited(one(), (0, 5), (2, 1))

    assert units(order) == [*units(before), (MUG.sku, 3, 3), (OUD.sku, 1, 1)]
    assert len({line["id"] for line in order["line_items"]}) == 4


def test_units_are_taken_from_the_youngest_line_first() -> None:
    """Trap 16."""
    order = edited(edited(one(), (0, 5)), (0, 1))

    assert units(order) == [(MUG.sku, 2, 1), (LAMP.sku, 1, 1), (MUG.sku, 3, 0)]


def test_a_line_may_go_altogether_and_orders_reads_what_is_left() -> None:
    """Trap 16."""
    snapshot = read_order(body_of(edited(one(), (0, 0), (2, 2))))

    assert [(line.sku, line.wanted) for line in snapshot.lines] == [(MUG.sku, 0), (LAMP.sku, 1), (OUD.sku, 2)]
    assert not snapshot.totals_mismatch


def test_what_was_paid_stays_paid_and_more_is_outstanding() -> None:
    more, fewer = edited(one(is_paid=True), (0, 3)), edited(one(is_paid=True), (0, 1))

    assert read_order(body_of(more)).payment_status is PaymentStatus.PARTIALLY_PAID
    assert Decimal(more["total_outstanding"]) == MUG.price
    assert read_order(body_of(edited(more, (0, 2)))).payment_status is PaymentStatus.PAID
    assert (fewer["financial_status"], fewer["total_outstanding"]) == ("paid", "0.00")
    assert edited(one(), (0, 3))["financial_status"] == "pending"


def test_a_cancelled_order_and_units_that_left_are_not_edited() -> None:
    for verb in (Verb.CANCEL, Verb.FULFIL):
        with pytest.raises(ChangeRefused):
            edited(Shopify().change(SHOP, one(), verb, NOW).order, (0, 1))


def test_what_is_told_of_an_edit_is_units_by_line_and_the_orders_id_and_no_more() -> None:
    """Trap 48."""
    told = Shopify().edit(SHOP, one(), [(MUG, 1), (OUD, 2)], NOW)
    edit = (told.topics[EDITED] or {})["order_edit"]
    mug, _, oud = told.order["line_items"]

    assert edit["order_id"] == told.order["id"]
    assert edit["line_items"] == {
        "additions": [{"id": oud["id"], "delta": 2}],
        "removals": [{"id": mug["id"], "delta": 1}],
    }
    assert edit.keys() == json.loads(sample("hookdeck-2024-10-orders-edited.json"))["order_edit"].keys()
