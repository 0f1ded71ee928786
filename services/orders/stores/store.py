"""A store: a merchant's shop at a provider."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Provider(StrEnum):
    """Where a shop runs."""

    SHOPIFY = "SHOPIFY"
    WOOCOMMERCE = "WOOCOMMERCE"


class StoreState(StrEnum):
    """Whether RAPPIT and a store can talk to each other."""

    CONNECTED = "CONNECTED"
    NEEDS_REAUTH = "NEEDS_REAUTH"
    DISCONNECTED = "DISCONNECTED"


class ReserveWhen(StrEnum):
    """When an order reserves stock: as it is placed, or as its payment is authorized or taken."""

    ON_ORDER = "ON_ORDER"
    ON_PAYMENT = "ON_PAYMENT"


@dataclass(frozen=True, slots=True)
class Store:
    """A store, without its secrets. `shop` is the provider's own name of it; `version` is that of its events."""

    id: UUID
    provider: Provider
    name: str
    shop: str
    version: int
    create_time: datetime

    @property
    def webhook_path(self) -> str:
        """Where it sends its webhooks."""
        return f"/webhooks/{self.provider.lower()}/{self.id}"


def secret_context(store_id: UUID) -> str:
    """Whose sealed secret it is: one that is copied to another store does not open there."""
    return f"store {store_id} webhook secret"
