"""What a snapshot changes: the order as it is to be, and what a person would say has happened."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from orders.orders.change import Entry
from orders.orders.order import Line, Order, some
from orders.orders.snapshot import LineKind, Snapshot, SnapshotLine
from orders.stores.store import Store

# Fields of a snapshot whose change is worth an entry, as people call them. What they hold is not repeated.
_DETAILS = {
    "name": "name",
    "totals": "totals",
    "customer": "customer",
    "shipping_address": "shipping address",
    "billing_address": "billing address",
    "note": "note",
    "tags": "tags",
    "shipping_lines": "shipping",
}


def begin(
    snapshot: Snapshot, store: Store, items: Mapping[str, UUID], new_id: Callable[[], UUID], now: datetime
) -> tuple[Order, list[Entry]]:
    """A new order, from the first snapshot of it. `items`: item ids by SKU."""
    lines = tuple(_line(said, None, items, new_id) for said in snapshot.lines)
    order = Order(
        id=new_id(),
        store_id=store.id,
        store_name=store.name,
        snapshot=snapshot,
        lines=lines,
        create_time=now,
        update_time=now,
        version_time=now,
    )
    entries = [Entry("CREATED", f"came in with {len(lines)} {'line' if len(lines) == 1 else 'lines'}")]
    if snapshot.cancel_time:
        entries.append(Entry("CANCELLED", f"the store had cancelled it: {snapshot.cancel_reason}"))
    return order, entries


def merge(
    before: Order, snapshot: Snapshot, items: Mapping[str, UUID], new_id: Callable[[], UUID]
) -> tuple[Order, list[Entry]]:
    """The order under a greater snapshot. Lines keep their ids and items; what was decided here stays."""
    known = {line.said.external_id: line for line in before.lines}
    lines = tuple(_line(said, known.get(said.external_id), items, new_id) for said in snapshot.lines)
    return replace(before, snapshot=snapshot, lines=lines), list(_entries(before.snapshot, snapshot))


def _line(said: SnapshotLine, known: Line | None, items: Mapping[str, UUID], new_id: Callable[[], UUID]) -> Line:
    item_id = None
    if said.kind is LineKind.STOCKED:
        # The item of a line stays its item, unless the store put another SKU into the line.
        kept = known.item_id if known and known.said.sku == said.sku else None
        item_id = kept or items.get(said.sku)
    if known is None:
        return Line(new_id(), said, item_id)
    return replace(known, said=said, item_id=item_id)


def _entries(old: Snapshot, new: Snapshot) -> Iterable[Entry]:
    if old.payment_status != new.payment_status:
        yield Entry("PAYMENT_CHANGED", f"{old.payment_status} before, {new.payment_status} now")
    if old.lines != new.lines:
        yield from _line_entries(old, new)
    if old.cancel_time is None and new.cancel_time is not None:
        yield Entry("CANCELLED", f"the store cancelled it: {new.cancel_reason}")
    elif old.cancel_time is not None and new.cancel_time is None:
        yield Entry("CANCEL_WITHDRAWN", "the store took its cancel back")
    details = [words for field, words in _DETAILS.items() if getattr(old, field) != getattr(new, field)]
    if details:
        yield Entry("DETAILS_CHANGED", ", ".join(details))


def _line_entries(old: Snapshot, new: Snapshot) -> Iterable[Entry]:
    were = {line.external_id: line for line in old.lines}
    are = {line.external_id: line for line in new.lines}
    both = [(were[key], line) for key, line in are.items() if key in were]
    happened = [
        *(
            f"{_called(line)}: {was.wanted} before, {line.wanted} now"
            for was, line in both
            if was.wanted != line.wanted
        ),
        *(f"{_called(was)}: another SKU now, {line.sku}" for was, line in both if was.sku != line.sku),
        *(f"{_called(line)}: added, {line.wanted}" for key, line in are.items() if key not in were),
        *(f"{_called(line)}: removed" for key, line in were.items() if key not in are),
    ]
    if happened:
        yield Entry("LINES_CHANGED", some(happened))
    left = [
        f"{_called(line)}: {line.fulfilled} of {line.wanted}" for was, line in both if was.fulfilled != line.fulfilled
    ]
    if left:
        yield Entry("FULFILLED_IN_STORE", some(left))


def _called(line: SnapshotLine) -> str:
    return line.sku or line.title or f"line {line.external_id}"
