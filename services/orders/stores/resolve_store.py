"""ResolveStore."""

from dataclasses import dataclass, field
from uuid import UUID

from chassis.database.transaction import Transaction
from chassis.sealing import Sealer
from orders.errors import StoreNotFound
from orders.stores import sql
from orders.stores.store import Store, secret_context


@dataclass(frozen=True)
class ResolvedStore:
    """A store with whose it is and what signs for it."""

    organization: UUID
    store: Store
    webhook_secrets: tuple[str, ...] = field(repr=False)


async def find_organization(tx: Transaction, store_id: UUID) -> UUID:
    """Whose store it is, read in a transaction without organisation. Raises StoreNotFound."""
    row = await (await tx.execute(sql.ORGANIZATION_OF, (store_id,))).fetchone()
    if row is None:
        raise StoreNotFound(store_id)
    organization: UUID = row.organization_id
    return organization


async def resolve_store(tx: Transaction, sealer: Sealer, store_id: UUID) -> ResolvedStore:
    """The store with its live secrets, read in its organisation's transaction. Raises StoreNotFound."""
    row = await (await tx.execute(sql.SECRET, (store_id,))).fetchone()
    if row is None:
        raise StoreNotFound(store_id)
    secret = sealer.open(row.webhook_secret, secret_context(store_id)).decode()
    return ResolvedStore(tx.organization, sql.read_store(row), (secret,))
