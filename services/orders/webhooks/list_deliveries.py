"""ListDeliveries."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

from chassis.database.transaction import Transaction
from orders.webhooks import sql
from orders.webhooks.accept_delivery import CONSUMER

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


class DeliveryState(StrEnum):
    """What became of a delivery."""

    APPLIED = "APPLIED"
    WAITING = "WAITING"
    RETRYING = "RETRYING"
    PARKED = "PARKED"
    DISCARDED = "DISCARDED"


@dataclass(frozen=True, slots=True)
class KeptDelivery:
    """A delivery as operators see it: never what it says. `outcome`: what it led to, or why it failed."""

    id: UUID
    store_id: UUID
    topic: str
    external_id: str
    body_bytes: int
    body_sha256: bytes
    receive_time: datetime
    state: DeliveryState
    outcome: str
    tries: int
    order_id: UUID | None = None


class Facts(NamedTuple):
    """What a delivery that waits is, out of its message."""

    store_id: UUID
    topic: str
    external_id: str
    body_bytes: int
    body_sha256: bytes


class Filters(NamedTuple):
    """Which deliveries; what is empty narrows nothing. `topic_bytes`: how the topic stands in a message."""

    store_id: UUID | None = None
    topic: str = ""
    topic_bytes: bytes = b""
    since: datetime = BEGINNING
    states: Sequence[DeliveryState] = ()


ReadMessage: TypeAlias = Callable[[bytes], Facts]


async def list_deliveries(
    tx: Transaction, read: ReadMessage, filters: Filters, after: tuple[datetime, UUID] | None, limit: int
) -> list[KeptDelivery]:
    """Deliveries that pass all filters, latest first, from after this one on; two statements."""
    time, event_id = after or (None, None)
    page = {"time": time, "id": event_id, "most": limit, "states": list(filters.states)}
    found = await tx.execute(sql.LIST_DELIVERIES, filter_values(filters) | page)
    return await with_orders(tx, [kept(row, read) for row in await found.fetchall()])


def filter_values(filters: Filters) -> dict[str, Any]:
    """Values of the filters in a statement."""
    values = {"store": filters.store_id, "topic": filters.topic, "topic_bytes": filters.topic_bytes}
    return {"consumer": CONSUMER, "since": filters.since, **values}


def kept(row: Any, read: ReadMessage) -> KeptDelivery:
    """A delivery from its row."""
    facts = Facts(row.store_id, row.topic, row.external_id, row.body_bytes, row.body_sha256)
    return KeptDelivery(
        row.event_id,
        *(facts if row.message is None else read(row.message)),
        receive_time=row.receive_time,
        state=DeliveryState(row.state),
        outcome=row.outcome,
        tries=row.tries,
    )


async def with_orders(tx: Transaction, deliveries: Iterable[KeptDelivery]) -> list[KeptDelivery]:
    """The deliveries with the orders that they are about, as far as those are known."""
    every = list(deliveries)
    if not every:
        return []
    columns = [each.store_id for each in every], [each.external_id for each in every]
    known = await (await tx.execute(sql.KNOWN, columns)).fetchall()
    orders = {(row.store_id, row.external_id): row.order_id for row in known}
    return [replace(each, order_id=orders[each.store_id, each.external_id]) for each in every]
