"""The one writer of orders: row, lines, search terms, timeline and event of each change commit together."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from chassis.messaging import outbox
from orders.orders import events, rows, sql
from orders.orders.change import Change
from orders.orders.log_changes import log_changes
from orders.orders.search import terms


async def save_changes(tx: Transaction, clock: Clock, changes: Sequence[Change]) -> list[Change]:
    """Write changes of orders that this transaction locked, each order once; a constant number of statements.

    Returns the changes that were not written: new orders that another transaction wrote since this one looked. They
    are there now, committed, and can be locked and merged.
    """
    lost = await _insert(tx, [change for change in changes if change.before is None])
    not_written = {change.after.id for change in lost}
    written = [change for change in changes if change.after.id not in not_written]
    known = [change for change in written if change.before is not None]
    if known:
        await tx.execute(sql.UPDATE, (_json(rows.order_row(tx.organization, change.after) for change in known),))
    await _save_lines(tx, written)
    await _save_terms(tx, written)
    await _save_store_holds(tx, clock, written)
    entries = [row for change in written for row in rows.timeline_rows(tx.organization, change)]
    if entries:
        await tx.execute(sql.INSERT_TIMELINE, (_json(entries),))
    due = [change for change in written if change.wants_other]
    await outbox.write(tx, [events.order_event(tx, clock, change.after, change.cause) for change in due])
    log_changes(tx.organization, written)
    return lost


async def _insert(tx: Transaction, new: Sequence[Change]) -> list[Change]:
    if not new:
        return []
    # In the order of the unique key: two transactions with the same new orders wait for each other in one direction.
    ordered = sorted(new, key=lambda change: change.after.key)
    new_rows = _json(rows.order_row(tx.organization, change.after) for change in ordered)
    inserted = await tx.execute(sql.INSERT, (new_rows,))
    ids = {row.id for row in await inserted.fetchall()}
    return [change for change in ordered if change.after.id not in ids]


async def _save_lines(tx: Transaction, changes: Sequence[Change]) -> None:
    gone = [(change.after.id, line_id) for change in changes for line_id in _line_ids_gone(change)]
    if gone:
        await tx.execute(sql.DELETE_LINES, _columns(gone))
    changed = [row for change in changes for row in _changed_lines(tx.organization, change)]
    if changed:
        await tx.execute(sql.UPSERT_LINES, (_json(changed),))


def _line_ids_gone(change: Change) -> set[UUID]:
    before = change.before.lines if change.before else ()
    return {line.id for line in before} - {line.id for line in change.after.lines}


def _changed_lines(organization: UUID, change: Change) -> list[rows.Row]:
    before = change.before.lines if change.before else ()
    known = {line.id: (position, line) for position, line in enumerate(before)}
    return [
        row
        for position, (line, row) in enumerate(
            zip(change.after.lines, rows.line_rows(organization, change.after), strict=True)
        )
        if known.get(line.id) != (position, line)
    ]


async def _save_store_holds(tx: Transaction, clock: Clock, changes: Sequence[Change]) -> None:
    before = {(change.after.id, reason) for change in changes if change.before for reason in change.before.store_holds}
    after = {(change.after.id, reason) for change in changes for reason in change.after.store_holds}
    if before - after:
        await tx.execute(sql.DELETE_STORE_HOLDS, _columns(sorted(before - after)))
    orders = {change.after.id: change.after for change in changes}
    new = [
        rows.store_hold_row(tx.organization, orders[order_id], reason, clock.new_id())
        for order_id, reason in sorted(after - before)
    ]
    if new:
        await tx.execute(sql.INSERT_STORE_HOLDS, (_json(new),))


async def _save_terms(tx: Transaction, changes: Sequence[Change]) -> None:
    before = {change.after.id: terms(change.before) if change.before else frozenset[str]() for change in changes}
    after = {change.after.id: terms(change.after) for change in changes}
    gone = [(order_id, term) for order_id in after for term in before[order_id] - after[order_id]]
    new = [(order_id, term) for order_id in after for term in after[order_id] - before[order_id]]
    if gone:
        await tx.execute(sql.DELETE_TERMS, _columns(gone))
    if new:
        await tx.execute(sql.INSERT_TERMS, (tx.organization, *_columns(new)))


def _json(of: Iterable[rows.Row]) -> str:
    return rows.as_json(list(of))


def _columns(pairs: Sequence[tuple[object, object]]) -> tuple[list[object], list[object]]:
    first, second = zip(*pairs, strict=True)
    return list(first), list(second)
