"""GetStore."""

from uuid import UUID

from chassis.database.transaction import Transaction
from orders.errors import StoreNotFound
from orders.stores import sql
from orders.stores.store import Store


async def get_store(tx: Transaction, store_id: UUID) -> Store:
    """A store of the transaction's organisation. Raises StoreNotFound."""
    row = await (await tx.execute(sql.GET, (store_id,))).fetchone()
    if row is None:
        raise StoreNotFound(store_id)
    return sql.read_store(row)
