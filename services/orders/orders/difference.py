"""What a snapshot changes: the order as it is to be, and what a person would say has happened."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from orders.mappings.items import Items
from orders.orders.change import Entry
from orders.orders.line import Line
from orders.orders.order import FulfillmentStatus, Order, some
from orders.orders.snapshot import Snapshot, SnapshotLine
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


class Entered(NamedTuple):
    """What is known of an order that was entered here besides its snapshot: who entered it, the items that were named
    themselves (by external ids of lines), and its tags.
    """

    actor: str
    items: Mapping[str, UUID]
    tags: tuple[str, ...]


def begin(
    snapshot: Snapshot, source: Store | Entered | None, items: Items, new_id: Callable[[], UUID], now: datetime
) -> tuple[Order, list[Entry]]:
    """A new order, from the first snapshot of it."""
    store = source if isinstance(source, Store) else None
    entered = source if isinstance(source, Entered) else Entered("", {}, ())
    lines = tuple(
        _with_given(with_item(Line(new_id(), said), None, items), entered.items.get(said.external_id))
        for said in snapshot.lines
    )
    order = Order(
        id=new_id(),
        store_id=store.id if store else None,
        store_name=store.name if store else "",
        snapshot=snapshot,
        lines=lines,
        create_time=now,
        update_time=now,
        version_time=now,
        own_tags=tuple(sorted(set(entered.tags))),
    )
    entries = [
        Entry(
            "CREATED",
            f"{'came in' if store else 'entered here'} with {len(lines)} {'line' if len(lines) == 1 else 'lines'}",
        )
    ]
    if snapshot.cancel_time:
        entries.append(Entry("CANCELLED", f"the store had cancelled it: {snapshot.cancel_reason}"))
    return order, entries


def merge(before: Order, snapshot: Snapshot, items: Items, new_id: Callable[[], UUID]) -> tuple[Order, list[Entry]]:
    """The order under a greater snapshot. Lines keep their ids and items.

    What was decided here stays, line by line: of the units what both did is done once, and what one did as well (see
    `line.both`); a SKU chosen here is sent whatever SKU the store names then; a line that was added here, or edited
    and then named by the store no more, stays with what is wanted of it here.
    """
    known = {line.said.external_id: line for line in before.lines}
    named = {said.external_id for said in snapshot.lines}
    lines = [_under(said, known.get(said.external_id), items, new_id) for said in snapshot.lines]
    lines += [_unnamed(line) for line in before.lines if line.edit and line.said.external_id not in named]
    if takes_cancel_back(before, snapshot):
        lines = [with_item(line, None, items) if line.follows_sku else line for line in lines]
    entries = list(_entries(before, snapshot))
    if before.own_shipping_address and before.snapshot.shipping_address != snapshot.shipping_address:
        entries.append(Entry("ADDRESS_KEPT", "the store names another shipping address: the one given here stays"))
    return replace(before, snapshot=snapshot, lines=tuple(lines)), entries


def takes_cancel_back(before: Order, snapshot: Snapshot) -> bool:
    """Whether the store takes its cancel back. Its lines did not follow what people said of their SKUs meanwhile, and
    `merge` is to know the items of all.
    """
    return before.snapshot.cancel_time is not None and snapshot.cancel_time is None


def with_item(line: Line, known: Line | None, items: Items) -> Line:
    """The line with the item of its SKU. It keeps the one that it had, unless it takes another SKU now.

    `items` knows the SKUs that a store names; one that was chosen here was looked up then, and is again when the store
    takes a cancel back.
    """
    if not line.stocked:
        return replace(line, item_id=None, candidates=(), item_given=False)
    if known and known.sku == line.sku and (known.item_id or known.sku != line.said.sku):
        return replace(line, item_id=known.item_id, candidates=known.candidates)
    meant = items.of(line.sku)
    return replace(line, item_id=meant.item_id, candidates=meant.candidates, item_given=False)


def _with_given(line: Line, item_id: UUID | None) -> Line:
    return replace(line, item_id=item_id, candidates=(), item_given=True) if item_id else line


def _under(said: SnapshotLine, known: Line | None, items: Items, new_id: Callable[[], UUID]) -> Line:
    line = replace(known, said=said, in_store=True) if known else Line(new_id(), said)
    return with_item(line, known, items)


def _unnamed(line: Line) -> Line:
    return replace(line, said=replace(line.said, ordered=0, wanted=0, fulfilled=0), in_store=False)


def _entries(before: Order, new: Snapshot) -> Iterable[Entry]:
    old = before.snapshot
    if old.payment_status != new.payment_status:
        message = f"{old.payment_status} before, {new.payment_status} now"
        yield Entry("PAYMENT_CHANGED", message, old=old.payment_status, new=new.payment_status)
    if old.lines != new.lines:
        yield from _line_entries(old, new)
    if old.cancel_time is None and new.cancel_time is not None:
        words = f"the store cancelled it: {new.cancel_reason}"
        yield Entry("CANCELLED", words, old=before.status, new=FulfillmentStatus.CANCELLED)
    elif takes_cancel_back(before, new):
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
        f"{_called(line)}: {line.fulfilled} of {line.wanted}" for was, line in both if was.fulfilled < line.fulfilled
    ]
    if left:
        yield Entry("FULFILLED_IN_STORE", some(left))
    back = [
        f"{_called(line)}: {was.fulfilled} before, {line.fulfilled} now"
        for was, line in both
        if was.fulfilled > line.fulfilled
    ]
    if back:
        yield Entry("FULFILLMENT_CANCELLED", some(back))


def _called(line: SnapshotLine) -> str:
    return line.sku or line.title or f"line {line.external_id}"
