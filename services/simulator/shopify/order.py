"""A new order, field by field as webhooks of version 2024-10 have it. Pure."""

import hashlib
from datetime import datetime, timedelta, timezone
from decimal import Decimal

from simulator.shopify.identifiers import Identifiers, gid
from simulator.shopify.lines import discount_fields, discounts, line, shipping_line
from simulator.shopify.money import Currencies
from simulator.shopify.people import address, customer
from simulator.shopify.totals import Totals, current_fields, fields_as_placed
from simulator.shops.checkout import Checkout
from simulator.shops.order_book import FIRST_NUMBER
from simulator.shops.people import email
from simulator.shops.provider import Json

_RIYADH = timezone(timedelta(hours=3))


def shop_time(now: datetime) -> str:
    """A time as shops write it: whole seconds, with the shop's offset."""
    return now.astimezone(_RIYADH).isoformat(timespec="seconds")


def make_order(ids: Identifiers, number: int, checkout: Checkout, now: datetime) -> Json:
    """The order that a checkout leads to; its name is "#" and the number."""
    identifier, time = ids.order(number), shop_time(now)
    currencies = Currencies(checkout.currencies.shop, checkout.currencies.presentment)
    off = discounts(checkout.pieces, currencies) if checkout.is_discounted else [Decimal(0)] * len(checkout.pieces)
    lines = [
        line(ids, number, index, product=product, units=units, discount=discount, currencies=currencies)
        for index, ((product, units), discount) in enumerate(zip(checkout.pieces, off, strict=True))
    ]
    shipping = [shipping_line(ids, number, checkout.shipping, currencies)]
    totals = Totals.of(lines, shipping, "quantity", currencies)
    placed = fields_as_placed(totals, currencies)
    discounted = discount_fields(totals.discount, currencies)
    home, token = address(checkout.person, checkout.place), _token(identifier)
    return {
        "id": identifier,
        "admin_graphql_api_id": gid("Order", identifier),
        "app_id": 580111,  # the online store
        "browser_ip": None,
        "buyer_accepts_marketing": False,
        "cancel_reason": None,
        "cancelled_at": None,
        "cart_token": None,
        "checkout_id": None,
        "checkout_token": None,
        "client_details": None,
        "closed_at": None,
        "confirmation_number": token[:9].upper(),
        "confirmed": True,
        "contact_email": email(checkout.person),
        "created_at": time,
        "currency": currencies.shop,
        **current_fields(totals, currencies),
        "customer_locale": "ar",
        "device_id": None,
        "discount_codes": discounted["discount_codes"],
        "email": email(checkout.person),
        "estimated_taxes": False,
        "financial_status": "paid" if checkout.is_paid else "pending",
        "fulfillment_status": None,
        "landing_site": "/",
        "landing_site_ref": None,
        "location_id": None,
        "merchant_of_record_app_id": None,
        "name": f"#{number}",
        "note": None,
        "note_attributes": [],
        "number": number - FIRST_NUMBER + 1,
        "order_number": number,
        "order_status_url": f"https://{ids.shop}/orders/{token}/authenticate",
        "payment_gateway_names": ["mada" if checkout.is_paid else "Cash on Delivery (COD)"],
        "phone": None,
        "po_number": None,
        "presentment_currency": currencies.presentment,
        "processed_at": time,
        "reference": None,
        "referring_site": None,
        "source_identifier": None,
        "source_name": "web",
        "source_url": None,
        "tags": "",
        "tax_exempt": False,
        "taxes_included": True,
        "test": False,
        "token": token,
        **placed,
        "total_outstanding": currencies.text(Decimal(0) if checkout.is_paid else totals.total),
        "total_weight": sum(entry["grams"] * entry["quantity"] for entry in lines),
        "updated_at": time,
        "user_id": None,
        "billing_address": home,
        "customer": None
        if checkout.is_guest
        else customer(ids, checkout.person, checkout.place, currencies.shop, time),
        "discount_applications": discounted["discount_applications"],
        "fulfillments": [],
        "line_items": lines,
        "payment_terms": None,
        "refunds": [],
        "shipping_address": dict(home),
        "shipping_lines": shipping,
    }


def _token(identifier: int) -> str:
    return hashlib.sha256(str(identifier).encode()).hexdigest()[:32]
