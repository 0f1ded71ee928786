"""What an edit changes: the lines as they are to be, and what a person would say has happened."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple
from uuid import UUID

from orders.errors import LineFulfilled, LineNotFound, LineNotStocked, OrderCancelled
from orders.mappings.items import Items
from orders.orders.change import Entry
from orders.orders.difference import with_item
from orders.orders.line import Line, LineEdit
from orders.orders.order import Order, some
from orders.orders.snapshot import LineKind, SnapshotLine


class SetQuantity(NamedTuple):
    """Other units of a line are wanted in all; none removes it."""

    line_id: UUID
    quantity: int


class AddLine(NamedTuple):
    """A further line."""

    sku: str
    quantity: int
    title: str


class SwapSku(NamedTuple):
    """Another SKU is sent in the place of a line's."""

    line_id: UUID
    sku: str


LineChange = SetQuantity | AddLine | SwapSku


def edited(
    order: Order, changes: Sequence[LineChange], reason: str, items: Items, new_id: Callable[[], UUID]
) -> tuple[Order, list[Entry]]:
    """The order with its lines changed, one change after the other. What that means beside what its store says, then
    and later, `difference.merge` says.

    Raises OrderCancelled, LineNotFound, LineNotStocked, LineFulfilled.
    """
    if order.cancelled:
        raise OrderCancelled(order.id)
    lines = {line.id: line for line in order.lines}
    for change in changes:
        if isinstance(change, AddLine):
            line = _added(change, items, new_id())
        elif change.line_id not in lines:
            raise LineNotFound(change.line_id)
        elif isinstance(change, SwapSku):
            line = _swapped(lines[change.line_id], change.sku, items)
        else:
            line = _with_quantity(lines[change.line_id], change.quantity)
        lines[line.id] = line
    # Of a line that was added here and taken off again, nothing is left to say.
    after = tuple(line for line in lines.values() if line.in_store or line.wanted)
    happened = list(_happened(order, lines))
    return replace(order, lines=after), [Entry("EDITED", some(happened), reason)] if happened else []


def _added(change: AddLine, items: Items, line_id: UUID) -> Line:
    said = SnapshotLine(
        external_id=f"here:{line_id}",
        sku=change.sku,
        title=change.title or change.sku,
        variant_title="",
        kind=LineKind.STOCKED,
        ordered=0,
        wanted=0,
        fulfilled=0,
        unit_price=0,
        discount=0,
        tax=0,
    )
    line = Line(line_id, said, in_store=False, edit=LineEdit(0, change.quantity))
    return with_item(line, None, items)


def _swapped(line: Line, sku: str, items: Items) -> Line:
    if not line.stocked:
        raise LineNotStocked(line.id)
    if line.said.fulfilled:
        raise LineFulfilled(line.id, line.said.fulfilled)
    edit = line.edit or LineEdit(line.said.wanted, line.said.wanted)
    swapped = _with_edit(line, replace(edit, sku=sku))
    return line if sku == line.sku else with_item(swapped, None, items)


def _with_quantity(line: Line, quantity: int) -> Line:
    if quantity < line.said.fulfilled:
        raise LineFulfilled(line.id, line.said.fulfilled)
    return _with_edit(line, LineEdit(line.said.wanted, quantity, line.edit.sku if line.edit else None))


def _with_edit(line: Line, edit: LineEdit) -> Line:
    """The line with the edit; without any where that says no more than the store does."""
    if edit.sku == line.said.sku:
        edit = replace(edit, sku=None)
    return replace(line, edit=None if edit.sku is None and edit.wanted == edit.base else edit)


def _happened(order: Order, after: dict[UUID, Line]) -> list[str]:
    were = {line.id: line for line in order.lines}
    happened = []
    for line in after.values():
        was = were.get(line.id)
        if was is None:
            happened += [f"{line.sku}: added, {line.wanted}"] if line.wanted else []
            continue
        if line.sku != was.sku:
            happened.append(f"{was.sku or was.said.title}: {line.sku} is sent instead")
        if line.wanted != was.wanted:
            message = f"{was.wanted} before, {line.wanted} now" if line.wanted else f"removed, {was.wanted} before"
            happened.append(f"{line.sku or line.said.title}: {message}")
    return happened
