"""The refund that a cancel leaves in its order. Pure."""

from decimal import Decimal

from simulator.shopify.identifiers import Identifiers, Part, gid
from simulator.shopify.money import Currencies
from simulator.shops.provider import Json

# A line inside a refund or a fulfilment lacks these.
_ONLY_IN_ORDERS = {"attributed_staffs", "current_quantity"}


def as_listed(line: Json) -> Json:
    """An order's line as refunds and fulfilments list it."""
    return {name: value for name, value in line.items() if name not in _ONLY_IN_ORDERS}


def refund(ids: Identifiers, order: Json, time: str) -> Json:
    """Takes back every unit that is still wanted; nothing of it had left."""
    currencies, number = Currencies.of(order), order["order_number"]
    identifier = ids.part(Part.REFUND, number, len(order["refunds"]))
    wanted = [line for line in order["line_items"] if line["current_quantity"]]
    return {
        "id": identifier,
        "order_id": order["id"],
        "created_at": time,
        "note": None,
        "user_id": None,
        "processed_at": time,
        "restock": True,
        "duties": [],
        "total_duties_set": currencies.both(Decimal(0)),
        "return": None,
        "refund_shipping_lines": [],
        "admin_graphql_api_id": gid("Refund", identifier),
        "order_adjustments": [],
        "refund_line_items": [
            _refund_line(ids.part(Part.REFUND_LINE, number, index), line, currencies)
            for index, line in enumerate(wanted)
        ],
        "transactions": [],
    }


def _refund_line(identifier: int, line: Json, currencies: Currencies) -> Json:
    units, share = line["current_quantity"], Decimal(line["current_quantity"]) / line["quantity"]
    off = sum((Decimal(entry["amount"]) for entry in line["discount_allocations"]), Decimal(0))
    tax = currencies.rounded(sum((Decimal(entry["price"]) for entry in line["tax_lines"]), Decimal(0)) * share)
    subtotal = currencies.rounded(Decimal(line["price"]) * units - off * share)
    return {
        "id": identifier,
        "quantity": units,
        "line_item_id": line["id"],
        "location_id": None,
        "restock_type": "cancel",
        "subtotal": float(subtotal),
        "total_tax": float(tax),
        "subtotal_set": currencies.both(subtotal),
        "total_tax_set": currencies.both(tax),
        "line_item": as_listed(line),
    }
