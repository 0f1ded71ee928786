"""How it goes between RAPPIT and stores, out of the database."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from chassis.database.transaction import Transaction
from orders.stores import sql
from orders.stores.health import StoreHealth, next_steps
from orders.stores.known_organization import OrganizationState
from orders.stores.store import Store
from orders.webhooks.accept_delivery import CONSUMER as DELIVERIES


class ShownStore(NamedTuple):
    """A store as its people see it, with how it goes and what to do."""

    store: Store
    health: StoreHealth
    next_steps: Sequence[str]


async def read_health(tx: Transaction, stores: Sequence[Store]) -> list[ShownStore]:
    """The stores with their health; one statement for any number."""
    values = {"consumer": DELIVERIES, "stores": [store.id for store in stores]}
    rows = await (await tx.execute(sql.HEALTH, values)).fetchall() if stores else []
    found: dict[UUID, StoreHealth] = {row.id: StoreHealth(*row[2:]) for row in rows}
    # An organisation that identity has not told of yet has nothing to wait for.
    state = OrganizationState(rows[0].organization_state or OrganizationState.ACTIVE) if rows else None
    return [
        ShownStore(store, found[store.id], next_steps(store, found[store.id], state or OrganizationState.ACTIVE))
        for store in stores
    ]
