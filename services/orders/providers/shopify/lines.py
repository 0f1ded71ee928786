"""The lines of a Shopify order: what was ordered, what is still wanted, what left, and what takes stock."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from orders.orders.snapshot import LineKind, SnapshotLine
from orders.providers.fields import Fields
from orders.providers.shopify.amounts import Side, allocated_discount, amount, total

# Of a fulfilment's states, the only one in which the units left: pending and open are plans, the others failed.
_LEFT = "success"
# Of a refund's restock types, the one of units that had left before.
_RETURNED = "return"


class _Units(NamedTuple):
    """Units by line: those that left, those refunded, and of these those that had left before."""

    fulfilled: Counter[str]
    refunded: Counter[str]
    returned: Counter[str]


def lines(order: Fields, side: Side) -> tuple[SnapshotLine, ...]:
    """The lines of an order, in the store's order. UnreadableBody where two have one id."""
    parcels = [parcel for parcel in order.children("fulfillments") if parcel.text("status") == _LEFT]
    refunds = [entry for refund in order.children("refunds") for entry in refund.children("refund_line_items")]
    units = _Units(
        fulfilled=_count((entry for parcel in parcels for entry in parcel.children("line_items")), "id"),
        refunded=_count(refunds, "line_item_id"),
        returned=_count((entry for entry in refunds if entry.text("restock_type") == _RETURNED), "line_item_id"),
    )
    found: dict[str, SnapshotLine] = {}
    for line in order.children("line_items"):
        external_id = line.identifier("id")
        if external_id in found:
            raise line.wrong("id", "stands in two lines")
        found[external_id] = _line(line, external_id, side, units)
    return tuple(found.values())


def _line(line: Fields, external_id: str, side: Side, units: _Units) -> SnapshotLine:
    ordered, fulfilled = line.quantity("quantity"), units.fulfilled[external_id]
    quantity_left = max(ordered - units.refunded[external_id], 0)
    # An edit or a refund leaves `quantity` as it was. Bodies from before version 2024-01 have no current quantity.
    current = line.quantity("current_quantity") if line.has("current_quantity") else quantity_left
    discount = allocated_discount(line, side)
    return SnapshotLine(
        external_id=external_id,
        sku=line.key("sku"),
        title=line.text("title"),
        variant_title=line.text("variant_title"),
        kind=_kind(line),
        ordered=ordered,
        # Units that came back had left: they lower the current quantity, and not what is still to leave.
        wanted=max(current + min(units.returned[external_id], fulfilled), fulfilled),
        fulfilled=fulfilled,
        unit_price=amount(line, "price", side),
        discount=amount(line, "total_discount", side, default=0) if discount is None else discount,
        tax=total(line.children("tax_lines"), "price", side),
    )


def _kind(line: Fields) -> LineKind:
    is_tip = line.has("tip_payment_gateway") or line.has("tip_payment_method") or line.has("tip")
    ships = not line.has("requires_shipping") or line.flag("requires_shipping")
    if line.flag("gift_card") or is_tip or not ships:
        return LineKind.NOT_SHIPPED
    if line.text("fulfillment_service") not in {"", "manual"}:
        return LineKind.FULFILLED_ELSEWHERE
    if not (line.has("product_id") or line.has("variant_id") or line.text("sku")):
        return LineKind.CUSTOM
    return LineKind.STOCKED


def _count(entries: Iterable[Fields], line_id: str) -> Counter[str]:
    units: Counter[str] = Counter()
    for entry in entries:
        units[entry.identifier(line_id)] += entry.quantity("quantity")
    return units
