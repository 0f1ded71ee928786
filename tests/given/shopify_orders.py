"""Orders of a Shopify store as it sends them, and what happens to them, so that a test reads like a story:

    order = placed("#1047", item("TEE-RED", 2), item("CAP", 1))
    await shop.deliver(order, paid(order), edited(order, "TEE-RED", 1), cancelled(order))

Every step is a whole new body a minute younger than the one before. Their shape is that of version 2024-10.
"""

import hashlib
import json
from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime, timedelta
from itertools import count
from typing import Any

Json = dict[str, Any]

PLACED = datetime.fromisoformat("2026-11-02T14:00:00+03:00")
RISK = "orders/risk_assessment_changed"

# Beyond 2^53, as Shopify's are: a reader that takes them for floats gives several orders one id.
_ids = count(9_007_199_254_740_993)


def item(sku: str, quantity: int = 1, *, price: str = "59.00", currency: str = "SAR", **fields: Any) -> Json:
    """A line of an order."""
    return {
        "id": next(_ids),
        "product_id": next(_ids),
        "variant_id": next(_ids),
        "sku": sku,
        "title": sku.title(),
        "name": sku.title(),
        "variant_title": None,
        "quantity": quantity,
        "current_quantity": quantity,
        "fulfillable_quantity": quantity,
        "fulfillment_service": "manual",
        "fulfillment_status": None,
        "gift_card": False,
        "requires_shipping": True,
        "price": price,
        "price_set": both(price, currency),
        "total_discount": "0.00",
        "discount_allocations": [],
        "tax_lines": [],
        **fields,
    }


def placed(name: str = "#1047", *lines: Json, currency: str = "SAR", **fields: Any) -> Json:
    """An order that a known customer placed, whose payment is authorized."""
    lines = lines or (item("TEE-RED", 2, currency=currency),)
    decimals = max(len(line["price"].partition(".")[2]) for line in lines)
    sum_of_lines = sum(round(float(line["price"]) * 10**decimals) * line["quantity"] for line in lines)
    total = f"{sum_of_lines / 10**decimals:.{decimals}f}"
    number = next(_ids)
    return {
        "id": number,
        "admin_graphql_api_id": f"gid://shopify/Order/{number}",
        "name": name,
        "created_at": PLACED.isoformat(),
        "processed_at": PLACED.isoformat(),
        "updated_at": PLACED.isoformat(),
        "cancelled_at": None,
        "cancel_reason": None,
        "closed_at": None,
        "currency": currency,
        "presentment_currency": currency,
        "financial_status": "authorized",
        "fulfillment_status": None,
        "taxes_included": True,
        "total_line_items_price": total,
        "total_line_items_price_set": both(total, currency),
        "subtotal_price": total,
        "total_discounts": "0",
        "total_discounts_set": both("0", currency),
        "total_tax": "0",
        "total_tax_set": both("0", currency),
        "total_shipping_price_set": both("0", currency),
        "total_price": total,
        "total_price_set": both(total, currency),
        "current_total_price": total,
        "test": False,
        "tags": "",
        "note": None,
        "email": "layla@example.com",
        "phone": None,
        "customer": {
            "id": next(_ids),
            "first_name": "Layla",
            "last_name": "Haddad",
            "email": "layla@example.com",
            "phone": "+966500000001",
        },
        "shipping_address": address("Layla Haddad"),
        "billing_address": address("Layla Haddad"),
        "shipping_lines": [],
        "fulfillments": [],
        "refunds": [],
        "line_items": list(lines),
        **fields,
    }


def address(name: str) -> Json:
    """Where somebody lives."""
    first, _, last = name.partition(" ")
    return {
        "first_name": first,
        "last_name": last,
        "name": name,
        "company": None,
        "address1": "King Fahd Road 12",
        "address2": None,
        "city": "Riyadh",
        "province": "Riyadh Province",
        "province_code": "RI",
        "zip": "12271",
        "country": "Saudi Arabia",
        "country_code": "SA",
        "phone": "+966500000001",
    }


def by_guest(order: Json, name: str = "Sami Aziz", email: str = "sami@example.com") -> Json:
    """The order as one who has no account placed it."""
    return order | {"customer": None, "email": email, "shipping_address": address(name), "billing_address": None}


def later(order: Json, **fields: Any) -> Json:
    """The order a minute later, with other fields."""
    time = datetime.fromisoformat(order["updated_at"]) + timedelta(minutes=1)
    return deepcopy(order) | {"updated_at": time.isoformat(), **fields}


def unpaid(order: Json) -> Json:
    """The order as one whose payment is still to come."""
    return order | {"financial_status": "pending"}


def paid(order: Json) -> Json:
    """The buyer paid."""
    return later(order, financial_status="paid")


def cancelled(order: Json, reason: str = "customer") -> Json:
    """The store cancelled it."""
    after = later(order, cancel_reason=reason)
    return after | {"cancelled_at": after["updated_at"]}


def edited(order: Json, sku: str, quantity: int) -> Json:
    """Another quantity is wanted of a line; the ordered one stays as it was, as Shopify leaves it."""
    after = later(order, current_total_price="1.00")
    line = line_of(after, sku)
    line |= {"current_quantity": quantity, "fulfillable_quantity": quantity}
    return after


def added(order: Json, *lines: Json) -> Json:
    """New lines came in by an edit, under ids of their own."""
    after = later(order, current_total_price="1.00")
    after["line_items"] += lines
    return after


def fulfilled(order: Json, sku: str, units: int, status: str = "success") -> Json:
    """A parcel left the store with units of one line."""
    after = later(order)
    line = line_of(after, sku)
    line["fulfillable_quantity"] -= units
    parcel = {"id": next(_ids), "status": status, "line_items": [{"id": line["id"], "quantity": units}]}
    after["fulfillments"].append(parcel)
    return after


def refunded(order: Json, sku: str, units: int, restock_type: str = "cancel") -> Json:
    """Units of one line were paid back: of those still there ("cancel"), or after they had left ("return")."""
    after = later(order, financial_status="partially_refunded", current_total_price="1.00")
    line = line_of(after, sku)
    line["current_quantity"] -= units
    entry = {"id": next(_ids), "line_item_id": line["id"], "quantity": units, "restock_type": restock_type}
    after["refunds"].append({"id": next(_ids), "refund_line_items": [entry]})
    return after


def line_of(order: Json, sku: str) -> Json:
    """The first line with this SKU."""
    found: Json = next(line for line in order["line_items"] if line["sku"] == sku)
    return found


def risk(order: Json, level: str, minute: int = 1, provider: int | None = None) -> Json:
    """An assessment of the order's risk, as Shopify sends it."""
    time = (PLACED + timedelta(minutes=minute)).isoformat()
    return {"order_id": order["id"], "risk_level": level, "created_at": time, "provider_id": provider}


def both(amount: str, currency: str, shown: str = "", shown_currency: str = "") -> Json:
    """An amount in the shop's currency and in the buyer's, which is the same unless it is given."""
    return {
        "shop_money": {"amount": amount, "currency_code": currency},
        "presentment_money": {"amount": shown or amount, "currency_code": shown_currency or currency},
    }


def body(order: Mapping[str, Any]) -> bytes:
    """The bytes that the store signs."""
    return json.dumps(order, ensure_ascii=False).encode()


def digest(order: Mapping[str, Any]) -> bytes:
    """What decides between two snapshots that are equal in all else."""
    return hashlib.sha256(body(order)).digest()
