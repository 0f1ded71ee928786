"""Orders of a WooCommerce store as it sends them, and what happens to them:

    order = placed(item("TEE-RED", 2))
    await shop.deliver(order, processing(order), refunded(order, "59.00"))

Every step is a whole new body a minute younger than the one before. Their shape is that of its REST API v3.
"""

from copy import deepcopy
from datetime import datetime, timedelta
from itertools import count
from typing import Any

Json = dict[str, Any]

PLACED = "2026-11-02T11:00:00"
# Small, as WooCommerce's are, and also beyond 2^53, as nothing forbids.
_ids = count(9_007_199_254_740_993)


def item(sku: str, quantity: int = 1, *, price: int = 59, **fields: Any) -> Json:
    """A line of an order; the price in whole units of the currency."""
    amount = f"{price * quantity}.00"
    return {
        "id": next(_ids),
        "name": sku.title(),
        "product_id": next(_ids),
        "variation_id": 0,
        "quantity": quantity,
        "subtotal": amount,
        "subtotal_tax": "0.00",
        "total": amount,
        "total_tax": "0.00",
        "taxes": [],
        "meta_data": [],
        "sku": sku,
        "price": price,
        **fields,
    }


def placed(*lines: Json, **fields: Any) -> Json:
    """An order that a known customer placed, and has not paid."""
    lines = lines or (item("TEE-RED", 2),)
    number = next(_ids)
    return {
        "id": number,
        "number": "727",
        "status": "pending",
        "currency": "SAR",
        "date_created_gmt": PLACED,
        "date_modified_gmt": PLACED,
        "date_paid_gmt": None,
        "date_completed_gmt": None,
        "discount_total": "0.00",
        "shipping_total": "0.00",
        "total": f"{sum(float(line['total']) for line in lines):.2f}",
        "total_tax": "0.00",
        "prices_include_tax": True,
        "customer_id": next(_ids),
        "customer_note": "",
        "billing": address() | {"email": "layla@example.com"},
        "shipping": address(),
        "line_items": list(lines),
        "shipping_lines": [],
        "fee_lines": [],
        "refunds": [],
        **fields,
    }


def address() -> Json:
    """Where somebody lives."""
    return {
        "first_name": "Layla",
        "last_name": "Haddad",
        "company": "",
        "address_1": "King Fahd Road 12",
        "address_2": "",
        "city": "Riyadh",
        "state": "RI",
        "postcode": "12271",
        "country": "SA",
        "phone": "+966500000001",
    }


def later(order: Json, **fields: Any) -> Json:
    """The order a minute later, with other fields."""
    time = datetime.fromisoformat(order["date_modified_gmt"]) + timedelta(minutes=1)
    return deepcopy(order) | {"date_modified_gmt": time.isoformat(), **fields}


def with_status(order: Json, status: str, **fields: Any) -> Json:
    """The order came into a status."""
    return later(order, status=status, **fields)


def paid(order: Json) -> Json:
    """The buyer paid; the shop is to work on it."""
    after = later(order, status="processing")
    return after | {"date_paid_gmt": after["date_modified_gmt"]}


def completed(order: Json) -> Json:
    """All of it left."""
    after = later(order, status="completed")
    return after | {"date_completed_gmt": after["date_modified_gmt"]}


def refunded(order: Json, amount: str) -> Json:
    """A sum was paid back; the order says no more of it than that."""
    after = later(order)
    after["refunds"].append({"id": next(_ids), "reason": "", "total": f"-{amount}"})
    return after


def refund_of_units(order: Json, sku: str, units: int) -> Json:
    """The order's last refund as the store's API gives it: of units of a line."""
    (line,) = [line for line in order["line_items"] if line["sku"] == sku]
    meta = [{"key": "_refunded_item_id", "value": str(line["id"])}, {"key": "_other", "value": {"any": 1}}]
    return {"id": next(_ids), "line_items": [{"id": next(_ids), "quantity": -units, "meta_data": meta}]}
