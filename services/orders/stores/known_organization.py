"""Organisations that this service may work for: those that identity has told of."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from chassis.database.transaction import Transaction
from chassis.errors import NotYet
from orders.stores import sql
from orders.stores.store import Store


class OrganizationState(StrEnum):
    """What identity says of an organisation. Its stores' deliveries wait while it is SUSPENDED, and go when CLOSED."""

    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    CLOSED = "CLOSED"


class KnownOrganization(NamedTuple):
    """An organisation, and those of some stores that are its own."""

    state: OrganizationState
    stores: dict[UUID, Store]


async def require_organization(tx: Transaction) -> None:
    """Raises NotYet while identity has not told of the transaction's organisation."""
    if (await tx.execute(sql.ORGANIZATION_STATE)).rowcount == 0:
        raise _unknown(tx)


async def known_organization(tx: Transaction, store_ids: Iterable[UUID]) -> KnownOrganization:
    """The transaction's organisation with those of the stores that are its own. Raises NotYet as above."""
    found = await (await tx.execute(sql.STORES_OF, (list(store_ids),))).fetchall()
    if not found:
        raise _unknown(tx)
    state = OrganizationState(found[0].organization_state)
    return KnownOrganization(state, {row.id: sql.read_store(row) for row in found if row.id})


def _unknown(tx: Transaction) -> NotYet:
    return NotYet(f"identity has not told of the organisation {tx.organization} yet")
