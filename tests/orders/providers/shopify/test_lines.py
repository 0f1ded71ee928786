"""What a Shopify order's lines say."""

from typing import Any

import pytest

from orders.orders.snapshot import LineKind, SnapshotLine
from orders.providers.shopify.order import read_order
from orders.providers.unreadable_body import UnreadableBody
from tests.given.shopify_orders import added, body, both, edited, fulfilled, item, line_of, placed, refunded


def line(order: dict[str, Any], sku: str = "TEE-RED") -> SnapshotLine:
    (found,) = [line for line in read_order(body(order)).lines if line.sku == sku]
    return found


def units(order: dict[str, Any]) -> tuple[int, int, int]:
    found = line(order)
    return found.ordered, found.wanted, found.fulfilled


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({}, LineKind.STOCKED),
        ({"variant_inventory_management": None, "variant_id": None}, LineKind.STOCKED),
        ({"product_id": None, "variant_id": None}, LineKind.STOCKED),
        ({"fulfillment_service": None}, LineKind.STOCKED),
        ({"requires_shipping": None}, LineKind.STOCKED),
        ({"gift_card": True, "fulfillment_service": "gift_card"}, LineKind.NOT_SHIPPED),
        ({"requires_shipping": False}, LineKind.NOT_SHIPPED),
        ({"tip_payment_gateway": "shopify_payments"}, LineKind.NOT_SHIPPED),
        ({"fulfillment_service": "shipwire"}, LineKind.FULFILLED_ELSEWHERE),
        ({"fulfillment_service": "amazon_marketplace_web", "product_id": None}, LineKind.FULFILLED_ELSEWHERE),
    ],
)
def test_only_what_is_shipped_from_here_takes_stock(fields: dict[str, Any], kind: LineKind) -> None:
    assert line(placed("#1047", item("TEE-RED", **fields))).kind is kind


def test_a_line_typed_by_hand_without_product_and_sku_is_custom() -> None:
    order = placed("#1047", item("TEE-RED") | {"sku": None, "product_id": None, "variant_id": None})

    assert line(order, "").kind is LineKind.CUSTOM


def test_a_product_without_sku_takes_stock() -> None:
    assert line(placed("#1047", item("TEE-RED") | {"sku": ""}), "").kind is LineKind.STOCKED


def test_an_edit_leaves_what_was_ordered_and_changes_what_is_wanted() -> None:
    """Trap 16, the mapping."""
    order = placed("#1047", item("TEE-RED", 2))

    assert units(order) == (2, 2, 0)
    assert units(edited(order, "TEE-RED", 1)) == (2, 1, 0)
    assert units(edited(order, "TEE-RED", 0)) == (2, 0, 0)
    assert units(edited(order, "TEE-RED", 5)) == (2, 5, 0)
    assert line(added(order, item("CAP", 3)), "CAP").wanted == 3


def test_without_a_current_quantity_it_is_what_was_ordered_minus_what_was_refunded() -> None:
    order = refunded(placed("#1047", item("TEE-RED", 3)), "TEE-RED", 1)
    del line_of(order, "TEE-RED")["current_quantity"]

    assert units(order) == (3, 2, 0)


def test_parcels_that_left_are_counted_and_others_are_not() -> None:
    order = placed("#1047", item("TEE-RED", 5))

    assert units(fulfilled(fulfilled(order, "TEE-RED", 1), "TEE-RED", 2)) == (5, 5, 3)
    for status in ("pending", "open", "cancelled", "error", "failure"):
        assert units(fulfilled(order, "TEE-RED", 2, status)) == (5, 5, 0)


def test_units_that_came_back_after_they_left_do_not_lower_what_is_still_to_leave() -> None:
    """Of three two left and one of them came back: one is still to leave, as the store says by fulfillable_quantity."""
    order = refunded(fulfilled(placed("#1047", item("TEE-RED", 3)), "TEE-RED", 2), "TEE-RED", 1, "return")

    assert line_of(order, "TEE-RED")["fulfillable_quantity"] == 1
    assert units(order) == (3, 3, 2)


def test_units_that_were_cancelled_before_they_left_lower_what_is_still_to_leave() -> None:
    order = refunded(fulfilled(placed("#1047", item("TEE-RED", 3)), "TEE-RED", 2), "TEE-RED", 1, "cancel")

    assert units(order) == (3, 2, 2)


def test_never_less_is_wanted_than_left() -> None:
    order = fulfilled(placed("#1047", item("TEE-RED", 2)), "TEE-RED", 2)
    line_of(order, "TEE-RED")["current_quantity"] = 0

    assert units(order) == (2, 2, 2)


def test_discounts_are_those_allocated_to_the_line() -> None:
    """Trap 18: total_discount lacks what was taken off the whole order."""
    allocations = [{"amount_set": both("5.00", "SAR")}, {"amount": "2.50"}]
    order = placed("#1047", item("TEE-RED", total_discount="5.00", discount_allocations=allocations))

    assert line(order).discount == 750


def test_no_allocation_is_no_discount() -> None:
    """Trap 18."""
    assert line(placed("#1047", item("TEE-RED", total_discount="5.00", discount_allocations=[]))).discount == 0


def test_before_there_were_allocations_the_lines_own_discount_counts() -> None:
    """Trap 18."""
    order = placed("#1047", item("TEE-RED", total_discount="5.00"))
    del line_of(order, "TEE-RED")["discount_allocations"]

    assert line(order).discount == 500


def test_taxes_of_a_line_are_summed() -> None:
    order = placed("#1047", item("TEE-RED", tax_lines=[{"price": "1.15"}, {"price_set": both("0.35", "SAR")}]))

    assert line(order).tax == 150


def test_two_lines_with_one_id_are_refused() -> None:
    tee = item("TEE-RED")

    with pytest.raises(UnreadableBody, match=r"^line_items\[1\]\.id: stands in two lines"):
        read_order(body(placed("#1047", tee, tee | {"sku": "CAP"})))


def test_two_lines_with_one_sku_are_two_lines() -> None:
    snapshot = read_order(body(placed("#1047", item("TEE-RED", 1), item("TEE-RED", 2))))

    assert [line.wanted for line in snapshot.lines] == [1, 2]
