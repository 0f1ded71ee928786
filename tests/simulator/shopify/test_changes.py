"""What becomes of an order."""

import json
from datetime import timedelta

import pytest

from orders.providers.shopify.order import read_order
from simulator.shopify.provider import Shopify
from simulator.shops.delivery import body_of
from simulator.shops.provider import ChangeRefused, Json, Verb
from tests.given.samples_of_stores import sample
from tests.simulator.shopify.drawn_orders import NOW, SHOP, drawn, one
from tests.simulator.shopify.test_order import SAMPLE, differences

PARCEL: Json = json.loads(sample("hookdeck-2024-10-fulfillments-create.json"))
REFUND: Json = json.loads(sample("hookdeck-2024-10-refunds-create.json"))
for line in (*PARCEL["line_items"], *(entry["line_item"] for entry in REFUND["refund_line_items"])):
    line["tax_lines"] = SAMPLE["tax_lines"]
    line["discount_allocations"] = PARCEL["line_items"][1]["discount_allocations"]


def after(order: Json, *verbs: Verb) -> Json:
    for verb in verbs:
        order = Shopify().change(SHOP, order, verb, NOW).order
    return order


def test_a_paid_order_owes_nothing() -> None:
    order = after(one(), Verb.PAY)

    assert (order["financial_status"], order["total_outstanding"]) == ("paid", "0.00")
    assert read_order(body_of(order)).rank > read_order(body_of(one())).rank


@pytest.mark.parametrize(("paid", "status"), [(False, "voided"), (True, "refunded")])
def test_a_cancelled_order_wants_nothing_and_says_why(paid: bool, status: str) -> None:
    order = after(one(is_paid=paid), Verb.CANCEL)
    snapshot = read_order(body_of(order))

    assert order["financial_status"] == status
    assert order["cancelled_at"] == order["closed_at"] == order["updated_at"] == "2026-11-02T14:02:01+03:00"
    assert order["cancel_reason"] == "customer"
    assert [line["quantity"] for line in order["line_items"]] == [2, 1]
    assert [(line["current_quantity"], line["fulfillable_quantity"]) for line in order["line_items"]] == [(0, 0)] * 2
    assert (order["current_total_price"], order["total_price"]) == ("0.00", one()["total_price"])
    assert [line.wanted for line in snapshot.lines] == [0, 0]
    assert snapshot.rank.cancelled
    assert not snapshot.totals_mismatch


def test_a_refund_is_that_of_the_sample_and_takes_back_every_unit() -> None:
    for order in drawn():
        (refund,) = after(order, Verb.CANCEL)["refunds"]

        assert set(differences(refund, REFUND)) == set()
        assert {entry["line_item_id"]: entry["quantity"] for entry in refund["refund_line_items"]} == {
            line["id"]: line["quantity"] for line in order["line_items"]
        }


def test_a_fulfilled_order_has_sent_every_unit() -> None:
    order = after(one(), Verb.FULFIL)
    snapshot = read_order(body_of(order))

    assert order["fulfillment_status"] == "fulfilled"
    assert [(line.wanted, line.fulfilled) for line in snapshot.lines] == [(2, 2), (1, 1)]
    assert order["closed_at"] is None
    assert after(one(), Verb.PAY, Verb.FULFIL)["closed_at"] == "2026-11-02T14:02:02+03:00"


def test_a_parcel_is_that_of_the_sample() -> None:
    # Inside an order a parcel has neither a buyer nor a destination.
    wanted = {name: value for name, value in PARCEL.items() if name not in {"email", "destination"}}
    for order in drawn():
        (parcel,) = after(order, Verb.FULFIL)["fulfillments"]

        assert set(differences(parcel, wanted)) == set()
        assert parcel["name"] == f"{order['name']}.1"


def test_a_note_changes_nothing_about_the_units() -> None:
    before, order = one(), after(one(), Verb.TOUCH)

    assert order["note"]
    assert order["tags"]
    assert order["line_items"] == before["line_items"]


@pytest.mark.parametrize(
    ("done", "asked", "why"),
    [
        ((Verb.PAY,), Verb.PAY, "paid already"),
        ((Verb.CANCEL,), Verb.CANCEL, "cancelled already"),
        ((Verb.CANCEL,), Verb.PAY, "cancelled"),
        ((Verb.CANCEL,), Verb.FULFIL, "cancelled"),
        ((Verb.FULFIL,), Verb.FULFIL, "nothing"),
        ((Verb.FULFIL,), Verb.CANCEL, "fulfilled"),
    ],
)
def test_what_makes_no_sense_is_refused(done: tuple[Verb, ...], asked: Verb, why: str) -> None:
    with pytest.raises(ChangeRefused, match=why):
        after(one(), *done, asked)


@pytest.mark.parametrize("hours", [-1, 0, 1])
def test_updated_at_grows_with_each_change_whatever_the_clock_says(hours: int) -> None:
    """Trap 38."""
    orders = [one()]
    for verb in (Verb.TOUCH, Verb.PAY, Verb.FULFIL):
        orders.append(Shopify().change(SHOP, orders[-1], verb, NOW + timedelta(hours=hours)).order)
    times = [order["updated_at"] for order in orders]

    assert times == sorted(set(times))


def test_an_older_version_stays_as_it_was() -> None:
    order = one()
    before = body_of(order)
    after(order, Verb.PAY, Verb.TOUCH, Verb.CANCEL)

    assert body_of(order) == before


@pytest.mark.parametrize("verb", [Verb.PAY, Verb.TOUCH, Verb.CANCEL, Verb.FULFIL])
def test_every_change_keeps_the_shape_of_an_order(verb: Verb) -> None:
    for order in drawn():
        if verb is Verb.PAY and order["financial_status"] == "paid":
            continue
        assert set(differences(after(order, verb), SAMPLE)) == set()
