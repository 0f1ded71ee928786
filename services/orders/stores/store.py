"""A store: a merchant's shop at a provider."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID


class Provider(StrEnum):
    """Where a shop runs."""

    SHOPIFY = "SHOPIFY"
    WOOCOMMERCE = "WOOCOMMERCE"


# Their stores ask for people by webhook, two days after the app was uninstalled and later.
ASK_FOR_PEOPLE = frozenset({Provider.SHOPIFY})
# So long a disconnected store may ask that, and no longer than until all of its people are erased.
PRIVACY_TERM = timedelta(days=90)


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
    """A store, without its secrets.

    shop: the provider's own name of it. version: that of its events, and its etag. state_reason: why it is not
    CONNECTED, and what to do. api_address: empty for https at the shop. unpaid_expiry: zero is for ever.
    old_webhook_secret_end_time: until when the secret before the present one signs as well.
    """

    id: UUID
    provider: Provider
    name: str
    shop: str
    version: int
    create_time: datetime
    update_time: datetime
    state: StoreState = StoreState.CONNECTED
    state_reason: str = ""
    reserve_when: ReserveWhen = ReserveWhen.ON_ORDER
    unpaid_expiry: timedelta = timedelta()
    api_address: str = ""
    has_credentials: bool = False
    old_webhook_secret_end_time: datetime | None = None

    @property
    def webhook_path(self) -> str:
        """Where it sends its webhooks."""
        return f"/webhooks/{self.provider.lower()}/{self.id}"

    @property
    def can_be_asked(self) -> bool:
        """Whether its API can be asked for an order."""
        return self.has_credentials and self.state is StoreState.CONNECTED


def secret_context(store_id: UUID) -> str:
    """Whose sealed secret it is: one that is copied to another store does not open there."""
    return f"store {store_id} webhook secret"


def credentials_context(store_id: UUID) -> str:
    """Whose sealed credentials they are."""
    return f"store {store_id} API credentials"
