"""What a delivery can say: an order as it is, that an order changed or is gone, or something about the store itself."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from orders.orders.snapshot import Snapshot


class WithoutEffect(NamedTuple):
    """A delivery that changes nothing, and why."""

    reason: str


# Of what stores say of their products: SKUs are mapped here, and an order names them itself.
NOT_ITEMS = WithoutEffect("items are kept in inventory, not taken from stores")


class Hint(NamedTuple):
    """The order is other than before, and the body does not hold it: it is to be asked of the store.

    snapshot: what the body does say, where that is better than nothing while the store cannot be asked.
    """

    reason: str
    snapshot: Snapshot | None = None


class RiskAssessed(NamedTuple):
    """Somebody assessed the risk of fraud: the store itself, or an app of it. Each one's latest word counts."""

    assessor: str
    high: bool
    time: datetime


class Deleted(NamedTuple):
    """The store deleted the order."""


class Uninstalled(NamedTuple):
    """The merchant took RAPPIT's app out of the store: its credentials are void."""


class PrivacyKind(StrEnum):
    """What is asked for a person, or for all persons of a shop."""

    DATA_REQUEST = "DATA_REQUEST"
    CUSTOMER_REDACT = "CUSTOMER_REDACT"
    SHOP_REDACT = "SHOP_REDACT"


@dataclass(frozen=True, slots=True)
class PrivacyRequest:
    """Show or erase what is held of a person (of every person of the store for SHOP_REDACT).

    The person is whoever placed one of the orders, or is the customer, or has the e-mail address. shop: who asks, as
    the signed body names it; what the topic says is not signed, and must not turn another body into this.
    """

    kind: PrivacyKind
    customer_external_id: str = ""
    email: str = field(default="", repr=False)
    order_external_ids: tuple[str, ...] = ()
    shop: str = ""


# What a delivery about one order says, and what one about the store says.
OfOrder: TypeAlias = Snapshot | Hint | RiskAssessed | Deleted | WithoutEffect
OfStore: TypeAlias = Uninstalled | PrivacyRequest
Reading: TypeAlias = OfOrder | OfStore
