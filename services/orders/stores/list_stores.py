"""ListStores."""

from uuid import UUID

from chassis.database.transaction import Transaction
from orders.stores import sql
from orders.stores.store import Store

_FIRST = UUID(int=0)


async def list_stores(tx: Transaction, after: UUID | None, limit: int) -> list[Store]:
    """The organisation's stores after this one, oldest first, as their ids are."""
    rows = await (await tx.execute(sql.LIST, (after or _FIRST, limit))).fetchall()
    return [sql.read_store(row) for row in rows]
