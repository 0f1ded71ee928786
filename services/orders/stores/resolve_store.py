"""ResolveStore."""

from dataclasses import dataclass, field
from uuid import UUID

from chassis.database.transaction import Transaction
from chassis.messaging import lane_rows
from chassis.sealing import Sealer
from orders.errors import StoreNotFound
from orders.stores import sql
from orders.stores.known_organization import OrganizationState
from orders.stores.store import Store, StoreState, secret_context
from orders.webhooks.accept_delivery import CONSUMER as DELIVERIES

# So many deliveries of a suspended organisation may wait: days of a busy shop, some hundred megabytes.
MOST_WAITING = 50_000


@dataclass(frozen=True)
class ResolvedStore:
    """A store with whose it is and what signs for it; and whether no more of its deliveries may wait."""

    organization: UUID
    store: Store
    webhook_secrets: tuple[str, ...] = field(repr=False)
    intake_full: bool = False


async def find_organization(tx: Transaction, store_id: UUID) -> UUID:
    """Whose store it is, read in a transaction without organisation. Raises StoreNotFound."""
    row = await (await tx.execute(sql.ORGANIZATION_OF, (store_id,))).fetchone()
    if row is None:
        raise StoreNotFound(store_id)
    organization: UUID = row.organization_id
    return organization


async def resolve_store(
    tx: Transaction, sealer: Sealer, store_id: UUID, most_waiting: int = MOST_WAITING
) -> ResolvedStore:
    """The store with its live secrets, the present one first, read in its organisation's transaction; that of one that
    is disconnected signs what it asks for people alone. Raises StoreNotFound.
    """
    row = await (await tx.execute(sql.SECRETS, (store_id,))).fetchone()
    if row is None:
        raise StoreNotFound(store_id)
    store = sql.read_store(row)
    sealed = [row.webhook_secret] if store.state is not StoreState.DISCONNECTED else []
    sealed += [row.old_webhook_secret] if row.old_secret_signs else []
    secrets = tuple(sealer.open(each, secret_context(store_id)).decode() for each in sealed)
    full = False
    if row.organization_state == OrganizationState.SUSPENDED:
        full = await lane_rows.count_waiting(tx, DELIVERIES, most_waiting) >= most_waiting
    return ResolvedStore(tx.organization, store, secrets, full)
