"""Every statement about orders. Policies narrow each to the transaction's organisation; inserted rows name it.

Rows travel as one JSON parameter: a batch of any size is one statement.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, Table, and_, exists, select, tuple_
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from orders.holds.tables import order_holds
from orders.orders.tables import order_lines, order_terms, order_timeline, orders
from orders.stores.tables import stores

_DIALECT = PGDialect_psycopg()  # type: ignore[no-untyped-call]


def _columns(table: Table, prefix: str = "") -> str:
    return ", ".join(f"{prefix}{column.name}" for column in table.columns)


def _insert(table: Table) -> str:
    columns = _columns(table)
    return f"INSERT INTO {table} ({columns}) SELECT {columns} FROM json_populate_recordset(NULL::{table}, %s::json)"


_ORDER = f"{_columns(orders, 'o.')}, s.name AS store_name"
_STORE = "LEFT JOIN stores AS s ON s.id = o.store_id"

# In the order of ids, as whoever locks several orders does.
LOCK_BY_KEY = f"""
    SELECT {_ORDER}
    FROM unnest(%s::text[], %s::text[]) AS wanted (source, external_id) JOIN orders AS o USING (source, external_id)
    {_STORE} ORDER BY o.id FOR NO KEY UPDATE OF o
"""

LOCK = f"SELECT {_ORDER} FROM orders AS o {_STORE} WHERE o.id = ANY(%s::uuid[]) ORDER BY o.id FOR NO KEY UPDATE OF o"

# One statement, so that an order, its lines, holds and notes are of one moment.
GET = f"""
    SELECT {_ORDER}, (
        SELECT coalesce(json_agg(l ORDER BY l.position), '[]') FROM order_lines AS l WHERE l.order_id = o.id
    ) AS lines, (
        SELECT coalesce(json_agg(h ORDER BY h.id), '[]') FROM order_holds AS h WHERE h.order_id = o.id
    ) AS holds, (
        SELECT coalesce(json_agg(n ORDER BY n.id), '[]') FROM order_notes AS n WHERE n.order_id = o.id
    ) AS notes
    FROM orders AS o {_STORE} WHERE o.id = %s
"""

# Read after the orders were locked, in a statement of its own: it sees what the lock waited for.
LINES = f"SELECT {_columns(order_lines)} FROM order_lines WHERE order_id = ANY(%s::uuid[]) ORDER BY order_id, position"

EXISTS = "SELECT FROM orders WHERE id = %s"

# A row that is there already was written by another transaction after this one looked; it is not returned.
INSERT = f"{_insert(orders)} ON CONFLICT (organization_id, source, external_id) DO NOTHING RETURNING id"

_CHANGING = [column.name for column in orders.columns if not column.primary_key]
UPDATE = f"""
    UPDATE orders AS o SET ({", ".join(_CHANGING)}) = ROW ({", ".join(f"r.{name}" for name in _CHANGING)})
    FROM json_populate_recordset(NULL::orders, %s::json) AS r
    WHERE o.organization_id = r.organization_id AND o.id = r.id
"""

_CHANGING_OF_LINE = [column.name for column in order_lines.columns if not column.primary_key]
UPSERT_LINES = f"""
    {_insert(order_lines)} ON CONFLICT (organization_id, order_id, id) DO UPDATE
    SET ({", ".join(_CHANGING_OF_LINE)}) = ROW ({", ".join(f"excluded.{name}" for name in _CHANGING_OF_LINE)})
"""

DELETE_LINES = """
    DELETE FROM order_lines USING unnest(%s::uuid[], %s::uuid[]) AS gone (order_id, id)
    WHERE order_lines.order_id = gone.order_id AND order_lines.id = gone.id
"""

INSERT_TERMS = """
    INSERT INTO order_terms (organization_id, order_id, term) SELECT %s, * FROM unnest(%s::uuid[], %s::text[])
"""

DELETE_TERMS = """
    DELETE FROM order_terms USING unnest(%s::uuid[], %s::text[]) AS gone (order_id, term)
    WHERE order_terms.order_id = gone.order_id AND order_terms.term = gone.term
"""

INSERT_STORE_HOLDS = _insert(order_holds)

DELETE_STORE_HOLDS = """
    DELETE FROM order_holds USING unnest(%s::uuid[], %s::text[]) AS gone (order_id, reason)
    WHERE order_holds.order_id = gone.order_id AND order_holds.reason = gone.reason AND of_store
"""

INSERT_TIMELINE = _insert(order_timeline)

TIMELINE = f"""
    SELECT {_columns(order_timeline)} FROM order_timeline
    WHERE order_id = %s AND position > %s ORDER BY position LIMIT %s
"""

KNOWN_CUSTOMERS = """
    SELECT c.store_id, c.external_id, c.id
    FROM unnest(%s::uuid[], %s::text[]) AS wanted (store_id, external_id)
    JOIN customers AS c USING (store_id, external_id)
"""

# The update changes nothing: it makes the row of a transaction that came first come back too, once that has ended.
INSERT_CUSTOMERS = """
    INSERT INTO customers (organization_id, id, store_id, external_id, create_time)
    SELECT %s, id, store_id, external_id, %s
    FROM unnest(%s::uuid[], %s::uuid[], %s::text[]) AS new (id, store_id, external_id)
    ORDER BY store_id, external_id
    ON CONFLICT (organization_id, store_id, external_id) WHERE external_id IS NOT NULL
    DO UPDATE SET external_id = excluded.external_id
    RETURNING store_id, external_id, id
"""

OF_ORGANIZATION = "SELECT id FROM orders WHERE id > %s ORDER BY id LIMIT %s"


# For the finder.
WITH_DUE = "SELECT DISTINCT organization_id FROM orders WHERE reservation_due_time <= %s AND NOT awaiting_payment"

DUE = """
    SELECT id FROM orders
    WHERE reservation_due_time <= %s AND NOT awaiting_payment AND EXISTS (
        SELECT FROM organizations WHERE state = 'ACTIVE'
    )
    ORDER BY reservation_due_time LIMIT %s
"""


# Unpaid orders of a store whose policy changed are gone through from an order on, twice: `again` is the second time.
LET_FOLLOW = """
    INSERT INTO following_stores (organization_id, store_id, after_order_id, due_time, again, actor)
    VALUES (%s, %s, '00000000-0000-0000-0000-000000000000', now(), false, %s)
    ON CONFLICT (organization_id, store_id) DO UPDATE
    SET after_order_id = excluded.after_order_id, due_time = excluded.due_time, again = false, actor = excluded.actor
"""

# For the finder.
WITH_FOLLOWING = "SELECT DISTINCT organization_id FROM following_stores WHERE due_time <= now()"

FOLLOWING = """
    SELECT store_id, after_order_id, again, actor FROM following_stores
    WHERE due_time <= now() AND EXISTS (SELECT FROM organizations WHERE state = 'ACTIVE')
    ORDER BY due_time, store_id LIMIT 1 FOR UPDATE
"""

UNPAID_OF_STORE = """
    SELECT id FROM orders
    WHERE store_id = %s AND id > %s AND payment_status IN ('PENDING', 'VOIDED') AND NOT pay_on_delivery
        AND fulfillment_status <> 'CANCELLED'
    ORDER BY id LIMIT %s
"""

FOLLOW_ON_AFTER = "UPDATE following_stores SET after_order_id = %s WHERE store_id = %s"

# Twice as long as a transaction may last.
FOLLOW_AGAIN = """
    UPDATE following_stores
    SET after_order_id = '00000000-0000-0000-0000-000000000000', due_time = now() + interval '10 seconds', again = true
    WHERE store_id = %s
"""

STOP_FOLLOWING = "DELETE FROM following_stores WHERE store_id = %s"


class Filters(NamedTuple):
    """What a list of orders is narrowed to; empty means all."""

    beginning: str
    store_id: UUID | None
    fulfillment_statuses: Sequence[str]
    payment_statuses: Sequence[str]
    unmapped: bool
    on_hold: bool
    placed_from: datetime | None
    placed_before: datetime | None


def list_orders(filters: Filters, after: tuple[datetime, UUID] | None, limit: int) -> tuple[str, dict[str, Any]]:
    """The statement that lists orders, latest first, from after this one on, and its parameters."""
    column = orders.c
    query: Select[Any] = select(orders, stores.c.name.label("store_name"))
    query = query.outerjoin(stores, stores.c.id == column.store_id)
    query = query.order_by(column.order_time.desc(), column.id.desc()).limit(limit)
    if filters.beginning:
        term = order_terms.c
        found = and_(
            term.organization_id == column.organization_id,
            term.order_id == column.id,
            term.term.op("^@", is_comparison=True)(filters.beginning),
        )
        query = query.where(exists().where(found))
    if filters.store_id:
        query = query.where(column.store_id == filters.store_id)
    if filters.fulfillment_statuses:
        query = query.where(column.fulfillment_status.in_(filters.fulfillment_statuses))
    if filters.payment_statuses:
        query = query.where(column.payment_status.in_(filters.payment_statuses))
    if filters.unmapped:
        query = query.where(column.unmapped_line_count > 0)
    if filters.on_hold:
        query = query.where(column.hold_count > 0)
    if filters.placed_from:
        query = query.where(column.order_time >= filters.placed_from)
    if filters.placed_before:
        query = query.where(column.order_time < filters.placed_before)
    if after:
        query = query.where(tuple_(column.order_time, column.id) < after)
    compiled = query.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
    return str(compiled), dict(compiled.params)
