"""What a WooCommerce order's body says."""

from datetime import UTC, datetime
from typing import Any

import pytest

from orders.orders.snapshot import CancelReason, Customer, LineKind, PaymentStatus, Snapshot, Totals
from orders.providers.read_delivery import AFTER_DELIVERIES, FETCHED, PROVIDERS, read_delivery
from orders.providers.reading import NOT_ITEMS, Deleted, Hint, Reading, WithoutEffect
from orders.providers.unreadable_body import UnreadableBody
from tests.given.samples_of_stores import sample
from tests.given.shopify_orders import body
from tests.given.woocommerce_orders import (
    Json,
    address,
    completed,
    item,
    later,
    paid,
    placed,
    refund_of_units,
    refunded,
    with_status,
)

PROVIDER = PROVIDERS["woocommerce"]


def read(order: Json, topic: str = "order.updated") -> Reading:
    return read_delivery(PROVIDER, topic, str(order["id"]), body(order))


def snapshot(order: Json, topic: str = "order.updated") -> Snapshot:
    said = read(order, topic)
    assert isinstance(said, Snapshot)
    return said


def read_fetched(order: Json, *refunds: Json) -> Snapshot:
    raw = body({"order": order, "refunds": list(refunds)})
    said = read_delivery(PROVIDER, FETCHED, str(order["id"]), raw)
    assert isinstance(said, Snapshot)
    return said


def test_the_documented_order_is_read_whole() -> None:
    raw = sample("docs-v3-order.json")

    order = read_delivery(PROVIDER, "order.created", "727", raw)

    assert isinstance(order, Snapshot)
    assert order.name == "#727"
    assert order.rank.time == datetime(2017, 3, 22, 19, 28, 8, tzinfo=UTC)
    assert order.order_time == datetime(2017, 3, 22, 19, 28, 2, tzinfo=UTC)
    assert order.payment_status == PaymentStatus.PAID
    assert order.totals == Totals("USD", 1800, 0, 1000, 135, 2935, taxes_included=False)
    assert not order.totals_mismatch
    assert order.customer == Customer("", "John Doe", "john.doe@example.com", "(555) 555-5555")
    assert order.shipping_address
    assert (order.shipping_address.region, order.shipping_address.country_code) == ("CA", "US")
    assert [(line.sku, line.ordered, line.wanted, line.unit_price) for line in order.lines] == [
        ("", 2, 2, 300),
        ("Bar3", 1, 1, 1200),
    ]
    assert order.lines[1].title == "Ship Your Idea – Color: Black, Size: M Test"
    assert order.shipping_lines[0].title == "Flat Rate"


@pytest.mark.parametrize("status", ["checkout-draft", "auto-draft", "draft"])
def test_a_draft_is_no_order(status: str) -> None:
    """Trap 41."""
    assert isinstance(read(placed(status=status)), WithoutEffect)


@pytest.mark.parametrize(
    ("order", "payment"),
    [
        (placed(), PaymentStatus.PENDING),
        (placed(status="on-hold"), PaymentStatus.PENDING),
        (placed(status="processing"), PaymentStatus.AUTHORIZED),
        (paid(placed()), PaymentStatus.PAID),
        (placed(status="awaiting-pickup"), PaymentStatus.PENDING),
        (later(paid(placed()), status="awaiting-pickup"), PaymentStatus.PAID),
        (placed(status="completed"), PaymentStatus.PAID),
        (placed(status="failed"), PaymentStatus.VOIDED),
        (with_status(paid(placed()), "refunded"), PaymentStatus.REFUNDED),
        (refunded(paid(placed()), "118.00"), PaymentStatus.REFUNDED),
    ],
)
def test_status_date_of_payment_and_refunds_say_together_what_is_paid(order: Json, payment: PaymentStatus) -> None:
    assert snapshot(order).payment_status == payment


@pytest.mark.parametrize("status", ["pending", "on-hold", "processing"])
def test_cash_on_delivery_counts_as_payable_and_not_as_paid(status: str) -> None:
    cash = snapshot(placed(status=status, payment_method="cod", payment_method_title="Pay the driver"))
    bank = snapshot(placed(status=status, payment_method="bacs", payment_method_title="Bank transfer"))

    assert (cash.payment_status, cash.pay_on_delivery, cash.unpaid) == (PaymentStatus.PENDING, True, False)
    assert not bank.pay_on_delivery
    assert bank.unpaid == (status != "processing")


def test_cash_that_was_taken_is_paid_and_one_that_failed_will_not_be() -> None:
    cash = placed(payment_method="cod")

    assert [
        (said.payment_status, said.unpaid)
        for said in map(snapshot, (completed(cash), paid(cash), with_status(cash, "failed")))
    ] == [(PaymentStatus.PAID, False), (PaymentStatus.PAID, False), (PaymentStatus.VOIDED, True)]


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("cancelled", CancelReason.OTHER),
        ("failed", CancelReason.PAYMENT_FAILED),
        ("trash", CancelReason.OTHER),
        ("completed", None),
        ("on-hold", None),
    ],
)
def test_a_status_may_be_a_cancel(status: str, reason: CancelReason | None) -> None:
    order = snapshot(placed(status=status))

    assert order.cancel_reason == reason
    assert (order.cancel_time is not None) == (reason is not None) == order.rank.cancelled


def test_a_completed_order_has_left_and_neither_a_refund_nor_the_bin_brings_it_back() -> None:
    """Trap 40, without a shipment of ours."""
    left = completed(placed(item("TEE-RED", 2)))

    for order in (left, with_status(left, "refunded"), with_status(left, "trash")):
        assert [(line.wanted, line.fulfilled) for line in snapshot(order).lines] == [(2, 2)]


def test_nothing_of_an_order_that_was_paid_back_whole_is_to_leave() -> None:
    (line,) = snapshot(with_status(paid(placed()), "refunded")).lines

    assert (line.ordered, line.wanted, line.fulfilled) == (2, 0, 0)


def test_a_refund_in_part_names_no_units_and_so_asks_the_store() -> None:
    order = refunded(paid(placed(item("TEE-RED", 2), item("CAP"))), "59.00")

    said = read(order)

    assert isinstance(said, Hint)
    assert said.snapshot
    assert said.snapshot.payment_status == PaymentStatus.PARTIALLY_REFUNDED
    fetched = read_fetched(order, refund_of_units(order, "TEE-RED", 1))
    assert [(line.sku, line.wanted) for line in fetched.lines] == [("TEE-RED", 1), ("CAP", 1)]


def test_what_the_store_answers_is_final_also_where_it_names_no_units() -> None:
    """Trap 48: it counts after every delivery of its second, before those of the next."""
    order = refunded(paid(placed()), "59.00")

    fetched = read_fetched(order)

    said = read(order)
    assert isinstance(said, Hint)
    assert said.snapshot
    assert fetched == said.snapshot
    assert fetched.rank.time - said.snapshot.rank.time == AFTER_DELIVERIES


def test_lines_discounts_fees_and_taxes_add_up() -> None:
    """Trap 18."""
    line = item("TEE-RED", 3, subtotal="100.00", total="90.00", total_tax="13.50")
    order = placed(line, discount_total="10.00", total_tax="13.50", total="98.50", fee_lines=[{"total": "-5.00"}])

    read_order = snapshot(order)

    assert not read_order.totals_mismatch
    assert (read_order.lines[0].unit_price, read_order.lines[0].discount, read_order.lines[0].tax) == (3333, 1000, 1350)
    assert snapshot(later(order, total="98.51")).totals_mismatch


@pytest.mark.parametrize(("currency", "amount", "units"), [("JPY", "1500", 1500), ("KWD", "1.255", 1255)])
def test_currencies_have_their_own_decimals(currency: str, amount: str, units: int) -> None:
    """Trap 18."""
    line = item("TEE-RED", subtotal=amount, total=amount, total_tax="0")
    zeros = dict.fromkeys(("discount_total", "shipping_total", "total_tax"), "0")

    assert snapshot(placed(line, currency=currency, total=amount, **zeros)).totals.total == units


def test_guests_have_no_id_and_large_ids_keep_every_digit() -> None:
    """Traps 15 and 17."""
    known = placed()
    guest = placed(customer_id=0)

    assert [snapshot(order).customer.external_id for order in (known, guest)] == [str(known["customer_id"]), ""]  # type: ignore[union-attr]
    assert snapshot(known).external_id == str(known["id"]) > str(2**53)
    nobody = dict.fromkeys(address(), "")
    assert snapshot(placed(customer_id=0, billing=nobody, shipping=nobody)).customer is None


def test_a_variation_is_told_from_its_product() -> None:
    line = item("TEE-RED", name="Tee &amp; Co - Red, L", parent_name="Tee &amp; Co")

    (read_line,) = snapshot(placed(line)).lines

    assert (read_line.title, read_line.variant_title) == ("Tee & Co", "Red, L")


def test_a_line_without_product_and_sku_takes_no_stock() -> None:
    lines = [item("", product_id=0), item("", product_id=93), item("OLD", product_id=0)]

    assert [line.kind for line in snapshot(placed(*lines)).lines] == [
        LineKind.CUSTOM,
        LineKind.STOCKED,
        LineKind.STOCKED,
    ]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"line_items": [item("TEE-RED", 1) | {"quantity": 1.5}]}, r"line_items\[0\].quantity"),
        ({"total": "1e3"}, "total"),
        ({"total": "59.001"}, "total"),
        ({"currency": "sar"}, "currency"),
        ({"date_modified_gmt": None}, "date_modified_gmt"),
        ({"line_items": [item("A", id=1), item("B", id=1)]}, r"line_items\[1\].id"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_field(fields: dict[str, Any], wrong: str) -> None:
    with pytest.raises(UnreadableBody, match=f"^{wrong}: "):
        read(placed(**fields))


def test_a_delete_is_its_id_alone() -> None:
    assert read_delivery(PROVIDER, "order.deleted", "727", b'{"id":727}') == Deleted()


@pytest.mark.parametrize("topic", ["product.updated", "coupon.created", "action.woocommerce_add_to_cart", ""])
def test_other_topics_and_the_ping_have_no_effect(topic: str) -> None:
    found = read_delivery(PROVIDER, topic, "", b"webhook_id=12")

    assert isinstance(found, WithoutEffect)
    assert (found == NOT_ITEMS) == topic.startswith("product.")


def test_no_second_of_one_order_is_later_by_chance() -> None:
    """Trap 12: of one time the cancelled, refunded, paid and closed ones are the later."""
    order = placed()
    same = {"date_modified_gmt": order["date_modified_gmt"]}
    stages = [order, paid(order) | same, with_status(order, "refunded") | same, with_status(order, "cancelled") | same]

    ranks = [snapshot(stage).rank for stage in stages]

    assert ranks == sorted(ranks)
