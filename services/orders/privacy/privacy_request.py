"""What a store asks for a person, and an order without its people. Pure."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from orders.orders.snapshot import Snapshot
from orders.providers.reading import PrivacyKind

# Shopify's term, which is that of most laws.
TERM = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class KeptRequest:
    """A request as people see it. The person's id and address are empty once they are erased."""

    id: UUID
    store_id: UUID
    kind: PrivacyKind
    customer_external_id: str
    email: str = field(repr=False)
    create_time: datetime
    done_time: datetime | None
    order_count: int
    outcome: str

    @property
    def due_time(self) -> datetime:
        """By when it is to be done."""
        return self.create_time + TERM


def without_person(snapshot: Snapshot) -> Snapshot:
    """The order, and nothing of who bought it, where it goes and what they wrote."""
    return replace(snapshot, customer=None, shipping_address=None, billing_address=None, note="")


def with_person_of(one: Snapshot, snapshot: Snapshot) -> Snapshot:
    """The order, with who bought it, where it goes and what they wrote as another snapshot has it."""
    return replace(
        snapshot,
        customer=one.customer,
        shipping_address=one.shipping_address,
        billing_address=one.billing_address,
        note=one.note,
    )


def outcome(kind: PrivacyKind, order_count: int) -> str:
    """What came of a request, in words that name nobody."""
    orders = "1 order" if order_count == 1 else f"{order_count:,} orders"
    if kind is not PrivacyKind.DATA_REQUEST:
        return f"erased from {orders}"
    if not order_count:
        return "nothing is held"
    return f"held in {orders}: name, addresses, e-mail, telephone, notes"
