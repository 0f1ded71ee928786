"""Orders as WooCommerce writes them: their shape, their sums, and what becomes of them."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest

from orders.orders.snapshot import PaymentStatus, Snapshot
from orders.providers.read_delivery import PROVIDERS, read_delivery
from simulator.shops.checkout import CheckoutShares, draw_checkout
from simulator.shops.delivery import Delivery, body_of, signature
from simulator.shops.product import Product
from simulator.shops.provider import ChangeRefused, Json, Verb
from simulator.woocommerce.provider import WooCommerce
from tests.given.samples_of_stores import sample

NOW = datetime(2026, 11, 2, 11, 2, tzinfo=UTC)
SHOP = "jeddah.example.com"
SAMPLE: Json = json.loads(sample("docs-v3-order.json"))
MUG, OUD = (Product(sku=f"SKU-{n}", title="كوب", price=Decimal(price)) for n, price in enumerate(("59.00", "89.50")))
PROVIDER = WooCommerce()


def placed(*, is_paid: bool = True, currency: str = "SAR", seed: int = 1, **shares: float) -> Json:
    """An order of two mugs and one oud."""
    calm = CheckoutShares(**{"paid": 0, "discount": 0, "guest": 0, "foreign": 0} | shares)
    pieces = [(MUG, 2), (OUD, 1)]
    checkout = draw_checkout([MUG, OUD], currency, calm, Random(seed), pieces=pieces, is_paid=is_paid)
    return PROVIDER.place(SHOP, 1001, checkout, NOW).order


def after(order: Json, *verbs: Verb) -> Json:
    for verb in verbs:
        order = PROVIDER.change(SHOP, order, verb, NOW).order
    return order


def _read(order: Json) -> Snapshot:
    reading = read_delivery(PROVIDERS["woocommerce"], "order.updated", str(order["id"]), body_of(order))
    assert isinstance(reading, Snapshot)
    return reading


def test_it_has_every_field_of_the_sample() -> None:
    order = placed(discount=1)

    assert set(SAMPLE) - {"_links"} <= order.keys()
    for part in ("line_items", "shipping_lines", "tax_lines"):
        assert SAMPLE[part][0].keys() <= order[part][0].keys()
    assert SAMPLE["billing"].keys() == order["billing"].keys()
    assert isinstance(order["line_items"][0]["price"], float)


@pytest.mark.parametrize("currency", ["SAR", "KWD", "JPY"])
@pytest.mark.parametrize("discount", [0, 1])
def test_its_amounts_add_up(currency: str, discount: int) -> None:
    """Trap 18."""
    order = placed(currency=currency, discount=discount)
    lines = sum(Decimal(line["total"]) + Decimal(line["total_tax"]) for line in order["line_items"])
    shipping = Decimal(order["shipping_total"]) + Decimal(order["shipping_tax"])

    assert Decimal(order["total"]) == lines + shipping
    assert Decimal(order["total_tax"]) == Decimal(order["cart_tax"]) + Decimal(order["shipping_tax"])
    assert bool(order["coupon_lines"]) == bool(discount)


@pytest.mark.parametrize("discount", [0, 1])
def test_orders_reads_it_as_it_was_meant(discount: int) -> None:
    order = placed(discount=discount)
    fewer = PROVIDER.edit(SHOP, order, [(MUG, 1)], NOW).order
    read = [_read(one) for one in (order, fewer, after(order, Verb.FULFIL), after(order, Verb.CANCEL))]

    assert [[line.wanted for line in snapshot.lines] for snapshot in read[:2]] == [[2, 1], [1, 1]]
    assert [line.fulfilled for line in read[2].lines] == [2, 1]
    assert not any(snapshot.totals_mismatch for snapshot in read)
    assert read[0].rank < min(snapshot.rank for snapshot in read[1:])
    assert [snapshot.payment_status for snapshot in read] == [PaymentStatus.PAID] * 3 + [PaymentStatus.REFUNDED]
    assert _read(placed(is_paid=False)).payment_status is PaymentStatus.PENDING


@pytest.mark.parametrize(("currency", "price"), [("SAR", "59.00"), ("AED", "57.78"), ("KWD", "4.830")])
def test_each_order_is_in_its_buyers_currency_with_all_of_its_decimals(currency: str, price: str) -> None:
    """Trap 18."""
    calm = CheckoutShares(paid=1, discount=0, guest=0, foreign=1)
    checkout = draw_checkout([MUG], "SAR", calm, Random(3), pieces=[(MUG, 1)], foreign=[currency])
    order = PROVIDER.place(SHOP, 1001, checkout, NOW).order
    more = PROVIDER.edit(SHOP, order, [(MUG, 3)], NOW).order

    assert [_gross(one) for one in (order, more)] == [Decimal(price), 3 * Decimal(price)]
    assert {_read(one).totals.currency for one in (order, more)} == {currency}
    assert not any(_read(one).totals_mismatch for one in (order, more))


def _gross(order: Json) -> Decimal:
    (line,) = order["line_items"]
    return Decimal(line["total"]) + Decimal(line["total_tax"])


def test_what_is_not_paid_waits_for_the_bank() -> None:
    order = placed(is_paid=False)

    assert (order["status"], order["date_paid"]) == ("on-hold", None)
    assert after(order, Verb.PAY)["status"] == "processing"
    assert after(order, Verb.CANCEL)["status"] == "cancelled"
    assert after(order, Verb.PAY, Verb.CANCEL)["refunds"][0]["total"] == f"-{order['total']}"
    assert after(order, Verb.PAY, Verb.FULFIL)["status"] == "completed"


@pytest.mark.parametrize(
    ("done", "asked"),
    [
        ((), Verb.PAY),
        ((Verb.CANCEL,), Verb.CANCEL),
        ((Verb.FULFIL,), Verb.CANCEL),
        ((Verb.FULFIL,), Verb.FULFIL),
        ((Verb.CANCEL,), Verb.FULFIL),
    ],
)
def test_what_makes_no_sense_is_refused(done: tuple[Verb, ...], asked: Verb) -> None:
    with pytest.raises(ChangeRefused):
        after(placed(), *done, asked)


def test_its_time_grows_with_each_change_whatever_the_clock_says() -> None:
    """Trap 38."""
    order, times = placed(is_paid=False), []
    for verb in (Verb.TOUCH, Verb.PAY, Verb.FULFIL):
        order = PROVIDER.change(SHOP, order, verb, NOW - timedelta(hours=1)).order
        times.append(order["date_modified_gmt"])

    assert times == sorted(set(times))
    assert times[0] == "2026-11-02T11:02:01"
    assert order["date_modified"] == "2026-11-02T14:02:03"


def test_an_edit_changes_the_line_itself_and_an_id_is_never_given_twice() -> None:
    """Trap 16."""
    order = placed()
    mug, oud = (line["id"] for line in order["line_items"])
    fewer = PROVIDER.edit(SHOP, order, [(MUG, 1), (OUD, 0)], NOW).order
    again = PROVIDER.edit(SHOP, fewer, [(OUD, 3)], NOW).order

    assert [(line["id"], line["quantity"]) for line in fewer["line_items"]] == [(mug, 1)]
    assert [line["quantity"] for line in again["line_items"]] == [1, 3]
    assert len({mug, oud, *(line["id"] for line in again["line_items"])}) == 3
    with pytest.raises(ChangeRefused, match="cancel it"):
        PROVIDER.edit(SHOP, fewer, [(MUG, 0)], NOW)


def test_its_deliveries_are_signed_and_labelled_as_woocommerce_does() -> None:
    body = body_of(placed())
    delivery = Delivery(SHOP, "#1001", "order.updated", "w", "e", "2026-11-02T11:02:00.290670000Z", body)
    later = Delivery(SHOP, "#1002", "order.updated", "v", "f", "2026-11-02T11:02:00.990670000Z", b"{}")
    sent, second = PROVIDER.headers(delivery, "ck_secret"), PROVIDER.headers(later, "ck_secret")

    assert sent["X-WC-Webhook-Signature"] == signature("ck_secret", body)
    assert (sent["X-WC-Webhook-Topic"], sent["X-WC-Webhook-Resource"]) == ("order.updated", "order")
    assert sent["X-WC-Webhook-Delivery-ID"] == second["X-WC-Webhook-Delivery-ID"]


def test_a_forger_wants_too_much_of_a_newer_order() -> None:
    order = placed()
    forged = PROVIDER.forge(SHOP, order, NOW)

    assert {line["quantity"] for line in forged["line_items"]} == {1000}
    assert forged["date_modified_gmt"] > order["date_modified_gmt"]
    assert {line["quantity"] for line in order["line_items"]} == {1, 2}
