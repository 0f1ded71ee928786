"""A change of one order, settled: its version, status and etag follow from what changed, whoever changed it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from orders.orders.order import FulfillmentStatus, Order, some, with_status
from orders.orders.payment import awaiting
from orders.orders.store_holds import said_holds, with_store_holds
from orders.orders.wanted import only_held_otherwise, wanted

# Where the timeline says from which warehouses it is taken.
_TAKEN = frozenset({FulfillmentStatus.RESERVED, FulfillmentStatus.SHORT})


class Entry(NamedTuple):
    """Something that happened, for the timeline: a stable word, and words for people. Names nobody.

    reason: why, as whoever did it said. old, new: what changed, where that can be said in a word.
    """

    event: str
    message: str
    reason: str = ""
    old: str = ""
    new: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What one writer does to one order.

    before: as it was read under its lock; None for a new one. after: as it is to be.
    entries: for the timeline, by `actor`. cause: what led to it, for the event's header.
    """

    before: Order | None
    after: Order
    entries: tuple[Entry, ...]
    actor: str
    cause: str

    @property
    def wants_other(self) -> bool:
        """Whether other services must do something else than before, so that an OrderEvent is due."""
        return self.before is None or self.before.version != self.after.version


def settle(
    before: Order | None,
    after: Order,
    entries: Sequence[Entry],
    *,
    actor: str,
    cause: str,
    now: datetime,
    since: datetime | None = None,
) -> Change:
    """The change with everything that follows from it. A new order's version is 1, whatever it wants.

    since: when came in what led to it, where that was before now.
    """
    after = with_store_holds(after)
    if before is None or wanted(before) != wanted(after):
        answer = after.answer
        if before and answer and answer.version == before.version and only_held_otherwise(before, after):
            # The same units are held for an order on hold: what inventory answered is true of it too.
            answer = replace(answer, version=after.version + 1)
        after = replace(after, version=after.version + 1, version_time=since or now, answer=answer)
    after = with_status(after)
    all_entries = (*entries, *_of_store_holds(before, after), *_of_status(before, after))
    if before is None or after != before or all_entries:
        length = after.timeline_length + len(all_entries)
        after = replace(after, etag=after.etag + 1, update_time=now, timeline_length=length)
    return Change(before, after, all_entries, actor, cause)


def _of_store_holds(before: Order | None, after: Order) -> list[Entry]:
    """What its store placed and lifted. What was released here is told by whoever did it."""
    had = set(before.store_holds) if before else set()
    said = said_holds(after)
    placed = [
        Entry("HOLD_PLACED", f"on hold: {reason}", said[reason]) for reason in after.store_holds if reason not in had
    ]
    lifted = sorted(had - said.keys())
    return placed + [Entry("HOLD_RELEASED", f"no more on hold: {reason}") for reason in lifted]


def _of_status(before: Order | None, after: Order) -> tuple[Entry, ...]:
    where, why = (_where(after), _why(after)) if after.status in _TAKEN else ("", "")
    if before is not None and (before.status, before.short_reason) == (after.status, after.short_reason):
        was = _where(before)
        return (Entry("PLACES_CHANGED", where, why, was, where),) if where and was != where else ()
    reserved = sum(line.open > 0 for line in after.lines)
    lines = f"{reserved} {'line' if reserved == 1 else 'lines'} reserved"
    messages = {
        FulfillmentStatus.RESERVED: f"{lines}: {where}" if where else lines,
        FulfillmentStatus.SHORT: f"{after.short_reason}; reserved: {where}" if where else after.short_reason,
        FulfillmentStatus.NOTHING_TO_SHIP: "nothing more is to be taken from stock",
        FulfillmentStatus.AWAITING_PAYMENT: awaiting(after),
    }
    message = messages.get(after.status)
    return (
        () if message is None else (Entry(after.status, message, why, before.status if before else "", after.status),)
    )


def _where(order: Order) -> str:
    """From which warehouses it is taken: "TEE-RED 2 in MAIN; CAP 1 in JEDDAH"."""
    return some(f"{line.sku} {place.units} in {place.code}" for line in order.lines for place in line.reserved_at)


def _why(order: Order) -> str:
    """Why from there, as inventory said."""
    return some(place.why for line in order.lines for place in line.reserved_at if place.why)
