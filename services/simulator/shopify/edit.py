"""An edit of an order's lines, as stores do it: `quantity` stays, `current_quantity` falls, what is added is a new line
with an id of its own. Pure.
"""

from decimal import Decimal

from simulator.shopify.changes import Apply
from simulator.shopify.identifiers import MOST_PARTS, Identifiers, Part
from simulator.shopify.lines import line
from simulator.shopify.money import Currencies
from simulator.shopify.totals import Totals, current_fields
from simulator.shops.checkout import Pieces
from simulator.shops.provider import ChangeRefused, Json


def edit(wanted: Pieces) -> Apply:
    """The units that are wanted of these products from now on; the others' stay."""

    def apply(ids: Identifiers, order: Json, _time: str) -> None:
        if order["cancelled_at"] is not None:
            raise ChangeRefused("a cancelled order is not edited")
        currencies, lines = Currencies.of(order), order["line_items"]
        for product, units in wanted:
            same = [entry for entry in lines if entry["sku"] == product.sku]
            more = units - sum(entry["current_quantity"] for entry in same)
            if more > 0 and len(lines) == MOST_PARTS:
                raise ChangeRefused("it has too many lines")
            if more > 0:
                added = line(
                    ids,
                    order["order_number"],
                    len(lines),
                    product=product,
                    units=more,
                    discount=Decimal(0),
                    currencies=currencies,
                )
                lines.append(added)
            else:
                _take_off(same, -more)
        _count_again(order, currencies)

    return apply


def committed(ids: Identifiers, before: Json, after: Json) -> Json:
    """What `orders/edited` says of an edit: units added and removed by line, and no more of the order than its id."""
    known = {entry["id"]: entry["current_quantity"] for entry in before["line_items"]}
    deltas = {entry["id"]: entry["current_quantity"] - known.get(entry["id"], 0) for entry in after["line_items"]}
    edit_id = ids.part(Part.EDIT, after["order_number"], len(after["line_items"]))
    return {
        "order_edit": {
            "id": edit_id,
            "app_id": None,
            "created_at": after["updated_at"],
            "committed_at": after["updated_at"],
            "notify_customer": False,
            "order_id": after["id"],
            "staff_note": "",
            "user_id": None,
            "line_items": {
                "additions": [{"id": line_id, "delta": delta} for line_id, delta in deltas.items() if delta > 0],
                "removals": [{"id": line_id, "delta": -delta} for line_id, delta in deltas.items() if delta < 0],
            },
            "discounts": {"line_item": {"additions": [], "removals": []}},
            "shipping_lines": {"additions": [], "removals": []},
        }
    }


def _take_off(lines: list[Json], units: int) -> None:
    """The youngest line's first."""
    for entry in reversed(lines):
        fewer = min(units, entry["fulfillable_quantity"])
        entry["current_quantity"] -= fewer
        entry["fulfillable_quantity"] -= fewer
        units -= fewer
    if units:
        raise ChangeRefused("units that were fulfilled are not taken off")


def _count_again(order: Json, currencies: Currencies) -> None:
    """What was received stays received: more is outstanding, or nothing."""
    received = Decimal(order["current_total_price"]) - Decimal(order["total_outstanding"])
    totals = Totals.of(order["line_items"], order["shipping_lines"], "current_quantity", currencies)
    outstanding = max(Decimal(0), totals.total - received)
    order |= current_fields(totals, currencies)
    order["total_outstanding"] = currencies.text(outstanding)
    if received:
        order["financial_status"] = "partially_paid" if outstanding else "paid"
