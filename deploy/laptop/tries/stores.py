"""Two stores as their buyers and RAPPIT know them: orders as they look there, deliveries signed as they sign. Pure."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

GUIDES = Path(__file__).resolve().parents[3] / "docs" / "guides"
# Beyond the ids of the simulated shops, whose orders go on beside ours.
_FIRST_ID = 9_100_000_000_000_000_000
_PRICE = 59
# In one try; an order is called by its buyer's place in it.
BUYERS = 10_000


@dataclass(frozen=True)
class Delivery:
    """What a store sends, with its headers. `order` is the order's name."""

    url: str
    order: str
    body: bytes
    headers: dict[str, str] = field(repr=False)

    @property
    def digest(self) -> str:
        """SHA-256 of the body, as RAPPIT lists it."""
        return hashlib.sha256(self.body).hexdigest()


class Store(Protocol):
    """A store that is connected."""

    @property
    def shop(self) -> str:
        """Its domain."""

    @property
    def signed_in(self) -> str:
        """The header that holds a delivery's signature."""

    def buy(self, number: int, sku: str, units: int = 1) -> dict[str, Any]:
        """A new order, paid, of one line. Its number is of this store's orders alone, over all that was ever tried."""

    def change(self, order: dict[str, Any], note: str) -> dict[str, Any]:
        """The order with a buyer's note, a second later."""

    def deliver(self, order: dict[str, Any], *, is_new: bool = True) -> Delivery:
        """The delivery that tells of an order, signed."""


@dataclass(frozen=True)
class ShopifyStore:
    """A store at Shopify."""

    url: str
    shop: str
    secret: str = field(repr=False)
    signed_in = "X-Shopify-Hmac-Sha256"

    def buy(self, number: int, sku: str, units: int = 1) -> dict[str, Any]:
        """A new order, paid, of one line."""
        order = _pattern("order.json")
        now, amount = datetime.now(UTC).isoformat(timespec="seconds"), f"{_PRICE * units}.00"
        line = order["line_items"][0]
        units_of = dict.fromkeys(("quantity", "current_quantity", "fulfillable_quantity"), units)
        line |= {"id": _FIRST_ID + number, "sku": sku, "title": sku, "tax_lines": [], **units_of}
        order |= {
            "id": _FIRST_ID + number,
            "name": f"#T{number % BUYERS}",
            "created_at": now,
            "updated_at": now,
            "tags": "try",
        }
        return order | {"subtotal_price": amount, "total_price": amount, "total_tax": "0.00"}

    def change(self, order: dict[str, Any], note: str) -> dict[str, Any]:
        """The order with a buyer's note, a second later."""
        return order | {"note": note, "updated_at": _a_second_after(order["updated_at"])}

    def deliver(self, order: dict[str, Any], *, is_new: bool = True) -> Delivery:
        """The delivery that tells of an order."""
        body = json.dumps(order).encode()
        headers = {
            "Content-Type": "application/json",
            "X-Shopify-Topic": "orders/create" if is_new else "orders/updated",
            "X-Shopify-Shop-Domain": self.shop,
            "X-Shopify-Webhook-Id": str(uuid4()),
            self.signed_in: signature(self.secret, body),
        }
        return Delivery(self.url, order["name"], body, headers)


@dataclass(frozen=True)
class WooCommerceStore:
    """A store at WooCommerce."""

    url: str
    shop: str
    secret: str = field(repr=False)
    signed_in = "X-WC-Webhook-Signature"

    def buy(self, number: int, sku: str, units: int = 1) -> dict[str, Any]:
        """A new order, paid, of one line."""
        order = _pattern("woocommerce-order.json")
        now, amount = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S"), f"{_PRICE * units}.00"
        dates = dict.fromkeys(("date_created_gmt", "date_modified_gmt", "date_paid_gmt"), now)
        order["line_items"][0] |= {"sku": sku, "name": sku, "quantity": units, "subtotal": amount, "total": amount}
        return order | {"id": _FIRST_ID + number, "number": f"T{number % BUYERS}", "total": amount, **dates}

    def change(self, order: dict[str, Any], note: str) -> dict[str, Any]:
        """The order with a buyer's note, a second later."""
        return order | {"customer_note": note, "date_modified_gmt": _a_second_after(order["date_modified_gmt"])}

    def deliver(self, order: dict[str, Any], *, is_new: bool = True) -> Delivery:
        """The delivery that tells of an order."""
        body = json.dumps(order).encode()
        headers = {
            "Content-Type": "application/json",
            "X-WC-Webhook-Topic": "order.created" if is_new else "order.updated",
            "X-WC-Webhook-Source": f"https://{self.shop}/",
            "X-WC-Webhook-Delivery-ID": uuid4().hex,
            self.signed_in: signature(self.secret, body),
        }
        return Delivery(self.url, f"#{order['number']}", body, headers)


def signature(secret: str, body: bytes) -> str:
    """Base64 of HMAC-SHA256 over the raw body, as both sign."""
    return base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha256)).decode()


def _a_second_after(time: str) -> str:
    return (datetime.fromisoformat(time) + timedelta(seconds=1)).isoformat(timespec="seconds")


def _pattern(name: str) -> dict[str, Any]:
    pattern: dict[str, Any] = json.loads((GUIDES / name).read_text())
    return pattern
