"""What the simulated shop of a store is told to be. Pure."""

from typing import Any

from laptop.demo.made import Door
from laptop.demo.organizations import Organization, Store

# Some minutes' work: then the oldest order is packed for each new one.
MOST_OPEN_ORDERS = 40
_BUYERS_CURRENCIES = ["SAR", "AED", "KWD"]
_SHARES = {"edit": 0.05, "foreign": 0.3}


def shop_of(organization: Organization, store: Store, door: Door, speed: float) -> dict[str, Any]:
    """The body of `PUT /shops/{shop}`: it sells what its organisation sells, `speed` times as fast as people see."""
    products = [
        {"sku": item.sku, "title": item.name, "price": item.price_in(store.currency), "popularity": item.popularity}
        for item in organization.sold
    ]
    return {
        "webhook_url": door.webhook_url,
        "secret": door.secret,
        "api_credential": ":".join(door.secret for _ in store.credentials[1]),
        "currency": store.currency,
        "products": products,
        "rate_per_minute": store.orders_per_minute,
        "shares": _SHARES,
        "most_open_orders": MOST_OPEN_ORDERS,
        "buyers_currencies": _BUYERS_CURRENCIES,
        "speed": speed,
    }
