"""What a Shopify order's body says."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from orders.orders.snapshot import (
    Address,
    CancelReason,
    Customer,
    LineKind,
    PaymentStatus,
    ShippingLine,
    Snapshot,
    SnapshotLine,
    Totals,
)
from orders.providers.shopify.order import read_order
from orders.providers.unreadable_body import UnreadableBody
from tests.given.samples_of_stores import sample
from tests.given.shopify_orders import PLACED, body, both, by_guest, cancelled, item, later, line_of, paid, placed


def read(order: dict[str, Any]) -> Snapshot:
    return read_order(body(order))


def test_the_sample_of_2024_is_read_to_the_last_field() -> None:
    steve = Address(
        name="Steve Shipper",
        company="Shipping Company",
        line1="123 Shipping Street",
        city="Shippington",
        region="KY",
        postal_code="40003",
        country_code="US",
        phone="555-555-SHIP",
    )
    totals = Totals("USD", 39800, 2000, 1000, 0, 38800, taxes_included=False)
    line = SnapshotLine(
        external_id="866550311766439000",
        sku="IPOD2008PINK",
        title="IPod Nano - 8GB",
        variant_title="",
        kind=LineKind.STOCKED,
        ordered=1,
        wanted=1,
        fulfilled=0,
        unit_price=19900,
        discount=0,
        tax=0,
    )
    time = datetime(2022, 1, 1, tzinfo=UTC)

    snapshot = read_order(sample("hookdeck-2024-10-orders-create.json"))

    assert snapshot == Snapshot(
        external_id="820982911946154500",
        rank=snapshot.rank,
        name="#9999",
        order_time=time,
        payment_status=PaymentStatus.VOIDED,
        cancel_time=time,
        cancel_reason=CancelReason.CUSTOMER_REQUEST,
        totals=totals,
        presentment_totals=totals,
        totals_mismatch=False,
        customer=Customer("115310627314723950", "John Smith", "john@example.com"),
        shipping_address=steve,
        billing_address=steve,
        note="",
        tags=("tag1", "tag2"),
        shipping_lines=(ShippingLine("Generic Shipping", "", 1000, 0, 0),),
        test=True,
        lines=(line, replace(line, external_id="141249953214522980")),
    )
    assert snapshot.rank[:5] == (time, True, False, False, False)


def test_the_byte_exact_sample_of_2017_is_read_without_the_newer_fields() -> None:
    snapshot = read_order(sample("official-2017-order-BYTES.json"))

    assert snapshot.external_id == "820982911946154508"
    assert snapshot.totals == Totals("USD", 5298, 500, 1000, 0, 5798, taxes_included=False)
    assert not snapshot.totals_mismatch
    assert [(line.external_id, line.wanted, line.unit_price, line.discount) for line in snapshot.lines] == [
        ("866550311766439020", 1, 2499, 0),
        ("141249953214522974", 1, 2799, 500),
    ]
    assert snapshot.billing_address is not None
    assert (snapshot.billing_address.name, snapshot.billing_address.postal_code) == ("Bob Biller", "K2P0B0")
    assert snapshot.customer == Customer("115310627314723954", "John Smith", "john@test.com")
    assert snapshot.order_time == datetime(2017, 7, 17, 17, 44, 9, tzinfo=UTC)


def test_ids_beyond_2_to_the_53_keep_every_digit() -> None:
    """Trap 17."""
    order = placed("#1047", item("TEE-RED") | {"id": 9_007_199_254_740_993}) | {"id": 9_223_372_036_854_775_809}
    order["customer"]["id"] = 18_014_398_509_481_985

    snapshot = read(order)

    assert snapshot.external_id == "9223372036854775809"
    assert snapshot.lines[0].external_id == "9007199254740993"
    assert snapshot.customer is not None
    assert snapshot.customer.external_id == "18014398509481985"


def test_what_the_store_did_not_give_stays_empty() -> None:
    order = placed() | {"shipping_address": None, "billing_address": {}, "customer": None, "email": "", "tags": None}

    snapshot = read(order)

    assert (snapshot.shipping_address, snapshot.billing_address, snapshot.customer) == (None, None, None)
    assert snapshot.tags == ()


def test_an_address_is_filled_with_nothing() -> None:
    order = placed() | {"shipping_address": {"city": "Riyadh", "province": "Riyadh Province", "name": ""}}

    assert read(order).shipping_address == Address(city="Riyadh", region="Riyadh Province")


def test_a_guest_is_described_by_the_order_alone() -> None:
    assert read(by_guest(placed())).customer == Customer("", "Sami Aziz", "sami@example.com")


def test_shipping_keeps_its_price_before_discounts() -> None:
    express = {
        "title": "Express",
        "code": "EXP",
        "price_set": both("25.00", "SAR"),
        "discount_allocations": [{"amount": "10.00", "amount_set": both("10.00", "SAR")}],
        "tax_lines": [{"price": "1.95"}],
    }
    gone = {"title": "Pickup", "price": "0.00", "is_removed": True}

    snapshot = read(placed() | {"shipping_lines": [express, gone]})

    assert snapshot.shipping_lines == (ShippingLine("Express", "EXP", 2500, 1000, 195),)


def test_tags_are_sorted_and_stand_once() -> None:
    assert read(placed() | {"tags": "vip, gift,  ,gift"}).tags == ("gift", "vip")


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ("pending", PaymentStatus.PENDING),
        (None, PaymentStatus.PENDING),
        ("expired", PaymentStatus.PENDING),
        ("authorized", PaymentStatus.AUTHORIZED),
        ("partially_paid", PaymentStatus.PARTIALLY_PAID),
        ("paid", PaymentStatus.PAID),
        ("partially_refunded", PaymentStatus.PARTIALLY_REFUNDED),
        ("refunded", PaymentStatus.REFUNDED),
        ("voided", PaymentStatus.VOIDED),
    ],
)
def test_each_payment_status_is_known(given: str | None, status: PaymentStatus) -> None:
    assert read(placed() | {"financial_status": given}).payment_status is status


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("customer", CancelReason.CUSTOMER_REQUEST),
        ("inventory", CancelReason.OUT_OF_STOCK),
        ("fraud", CancelReason.FRAUD_SUSPECTED),
        ("declined", CancelReason.PAYMENT_FAILED),
        ("staff", CancelReason.OTHER),
        ("other", CancelReason.OTHER),
        (None, CancelReason.OTHER),
    ],
)
def test_each_reason_of_a_cancel_is_known(given: str, reason: CancelReason) -> None:
    snapshot = read(cancelled(placed(), given))

    assert snapshot.cancel_reason is reason
    assert snapshot.cancel_time is not None
    assert read(placed() | {"cancel_reason": given}).cancel_reason is None


def test_times_are_read_with_their_offset() -> None:
    snapshot = read(placed() | {"processed_at": None, "created_at": "2026-11-02T14:00:00+03:00"})

    assert snapshot.order_time == datetime(2026, 11, 2, 11, tzinfo=UTC)
    assert snapshot.rank.time == PLACED


def test_the_rank_says_what_the_signed_body_says() -> None:
    order = placed()

    assert read(order).rank[1:5] == (False, False, False, False)
    assert read(paid(order)).rank[1:5] == (False, False, True, False)
    assert read(cancelled(order)).rank[1:5] == (True, False, False, False)
    assert read(later(order, refunds=[{"refund_line_items": []}])).rank[1:5] == (False, True, False, False)
    assert read(later(order, closed_at=PLACED.isoformat())).rank[1:5] == (False, False, False, True)
    assert read(order).rank.digest != read(order | {"note": "ring twice"}).rank.digest


def test_what_no_database_can_store_becomes_a_replacement_character() -> None:
    raw = body(placed() | {"note": "?"}).replace(b'"note": "?"', rb'"note": "a\u0000b\ud800c"')

    assert read_order(raw).note.replace("\ufffd", "?").startswith("a?b?")
    assert "\0" not in read_order(raw).note


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"id": None}, "id"),
        ({"id": 1.5}, "id"),
        ({"id": True}, "id"),
        ({"id": -1}, "id"),
        ({"id": ""}, "id"),
        ({"updated_at": None}, "updated_at"),
        ({"updated_at": "2026-11-02T14:00:00"}, "updated_at"),
        ({"updated_at": "yesterday"}, "updated_at"),
        ({"currency": "sar"}, "currency"),
        ({"currency": None}, "currency"),
        ({"line_items": "none"}, "line_items"),
        ({"line_items": [None]}, r"line_items\[0\]"),
        ({"customer": []}, "customer"),
        ({"test": "yes"}, "test"),
        ({"customer": {"id": None}}, "customer.id"),
        ({"financial_status": "owed"}, "financial_status"),
        ({"note": 7}, "note"),
        ({"total_price": None, "total_price_set": None}, "total_price"),
        ({"total_price": "1e3", "total_price_set": None}, "total_price"),
        ({"total_price": "1,000", "total_price_set": None}, "total_price"),
        ({"total_price": "9" * 20, "total_price_set": None}, "total_price"),
    ],
)
def test_a_bad_shape_is_refused_by_the_name_of_its_field(wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(UnreadableBody, match=f"^{field}: "):
        read(placed() | wrong)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"id": None}, "id"),
        ({"quantity": 1.5}, "quantity"),
        ({"quantity": -1}, "quantity"),
        ({"quantity": None}, "quantity"),
        ({"current_quantity": "2"}, "current_quantity"),
        ({"price": None, "price_set": None}, "price"),
        ({"sku": "x" * 501}, "sku"),
        ({"gift_card": 1}, "gift_card"),
    ],
)
def test_a_bad_shape_of_a_line_is_refused_by_the_name_of_its_field(wrong: dict[str, Any], field: str) -> None:
    order = placed("#1047", item("TEE-RED"), item("CAP"))
    line_of(order, "CAP").update(wrong)

    with pytest.raises(UnreadableBody, match=rf"^line_items\[1\]\.{field}: "):
        read(order)


@pytest.mark.parametrize("raw", [b"", b"null", b"[]", b"{", b"\xff\xfe{}", b'{"id": NaN}', b"[" * 100_000])
def test_what_is_no_json_object_is_refused(raw: bytes) -> None:
    with pytest.raises(UnreadableBody, match=r"^the body is "):
        read_order(raw)


def test_a_refusal_never_repeats_what_the_body_says() -> None:
    with pytest.raises(UnreadableBody) as caught:
        read(placed() | {"updated_at": "Layla Haddad, King Fahd Road 12"})

    assert "Layla" not in str(caught.value)
