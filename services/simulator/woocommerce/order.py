"""A new order, field by field as webhooks of REST API version 3 have it. Pure."""

import hashlib
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from simulator.shops.checkout import Checkout
from simulator.shops.people import PEOPLE, email, phone
from simulator.shops.provider import Json
from simulator.woocommerce.lines import amounts, discounts, line, line_id, shipping_line

_RIYADH = timedelta(hours=3)
LAST_LINE = "_last_line"
SHOP_CURRENCY = "_shop_currency"
"""Keys of the order's own notes: the last id that a line was given, and the currency of the shop's prices."""


def times(name: str, now: datetime | None) -> Json:
    """`<name>` in the shop's time and `<name>_gmt`, both in whole seconds and without an offset."""
    if now is None:
        return {name: None, f"{name}_gmt": None}
    gmt = now.astimezone(UTC).replace(microsecond=0, tzinfo=None)
    return {name: (gmt + _RIYADH).isoformat(), f"{name}_gmt": gmt.isoformat()}


def make_order(shop: str, number: int, checkout: Checkout, now: datetime) -> Json:
    """The order that a checkout leads to, in the buyer's currency alone, as shops with several have it. One that is not
    paid waits for a bank transfer.
    """
    shop_currency, checkout = checkout.currencies.shop, checkout.in_buyers_currency()
    currencies = checkout.currencies
    off = discounts(checkout.pieces, currencies) if checkout.is_discounted else [Decimal(0)] * len(checkout.pieces)
    lines = [
        line(line_id(number, index), product, units, discount, currencies)
        for index, ((product, units), discount) in enumerate(zip(checkout.pieces, off, strict=True))
    ]
    home = _address(checkout)
    order = {
        "id": number,
        "parent_id": 0,
        "status": "processing" if checkout.is_paid else "on-hold",
        "currency": currencies.shop,
        "version": "9.8.5",
        "prices_include_tax": True,
        **times("date_created", now),
        **times("date_modified", now),
        "customer_id": 0 if checkout.is_guest else 2 + PEOPLE.index(checkout.person),
        "order_key": f"wc_order_{hashlib.sha256(f'{shop}/{number}'.encode()).hexdigest()[:13]}",
        "billing": {**home, "email": email(checkout.person)},
        "shipping": home,
        "payment_method": "mada" if checkout.is_paid else "bacs",
        "payment_method_title": "mada" if checkout.is_paid else "Direct bank transfer",
        "transaction_id": "",
        "customer_ip_address": "",
        "customer_user_agent": "",
        "created_via": "checkout",
        "customer_note": "",
        **times("date_completed", None),
        **times("date_paid", now if checkout.is_paid else None),
        "cart_hash": "",
        "number": str(number),
        "meta_data": [
            {"id": line_id(number, 970), "key": LAST_LINE, "value": str(lines[-1]["id"])},
            {"id": line_id(number, 971), "key": SHOP_CURRENCY, "value": shop_currency},
        ],
        "line_items": lines,
        "shipping_lines": [shipping_line(number, checkout.shipping, currencies)],
        "fee_lines": [],
        "refunds": [],
        "payment_url": "",
        "is_editable": not checkout.is_paid,
        "needs_payment": False,
        "needs_processing": True,
        "currency_symbol": currencies.shop,
    }
    return order | amounts(order)


def _address(checkout: Checkout) -> Json:
    person, place = checkout.person, checkout.place
    return {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "company": "",
        "address_1": place.street,
        "address_2": "",
        "city": place.city,
        "state": "",
        "postcode": place.zip,
        "country": "SA",
        "phone": phone(person),
    }
