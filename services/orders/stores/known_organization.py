"""Organisations that this service may work for: those that identity has told of."""

from collections.abc import Iterable
from uuid import UUID

from chassis.database.transaction import Transaction
from chassis.errors import NotYet
from orders.stores import sql
from orders.stores.store import Store


async def require_organization(tx: Transaction) -> None:
    """Raises NotYet while identity has not told of the transaction's organisation."""
    if (await tx.execute(sql.KNOWN_ORGANIZATION)).rowcount == 0:
        raise _unknown(tx)


async def stores_of(tx: Transaction, store_ids: Iterable[UUID]) -> dict[UUID, Store]:
    """Those of the stores that are the organisation's own. Raises NotYet as `require_organization`."""
    found = await (await tx.execute(sql.STORES_OF, (list(store_ids),))).fetchall()
    if not found:
        raise _unknown(tx)
    return {row.id: sql.read_store(row) for row in found if row.id}


def _unknown(tx: Transaction) -> NotYet:
    return NotYet(f"identity has not told of the organisation {tx.organization} yet")
