"""Statements on organisations, in the organisation's own transaction: the policy leaves its one row.

The finder role alone sees more, and of them ids, states and times.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from chassis.database.pool import Connection
from chassis.database.transaction import Transaction
from identity.organizations.organization import Organization, State

_INSERT = """
INSERT INTO organizations (organization_id, name, state, version, create_time) VALUES (%s, %s, %s, %s, %s)"""

_SELECT = """
SELECT organization_id, name, state, version, create_time FROM organizations WHERE organization_id = %s"""

_RAISE_VERSION = "UPDATE organizations SET version = version + 1 WHERE organization_id = %s RETURNING version"

_SET_STATE = """
UPDATE organizations SET state = %s, state_time = %s, state_why = %s, version = version + 1
WHERE organization_id = %s RETURNING version"""

# Served by organizations_not_active.
_FIND_INACTIVE = """
SELECT organization_id, state, state_time FROM organizations WHERE state <> 'ACTIVE' AND state <> 'PAST_DUE'
ORDER BY state_time DESC LIMIT %s"""


class InactiveOrganization(NamedTuple):
    """An organisation that may not act, and since when."""

    id: UUID
    state: State
    state_time: datetime


async def insert_organization(tx: Transaction, new: Organization) -> None:
    """Add the organisation."""
    await tx.execute(_INSERT, (new.id, new.name, new.state.value, new.version, new.create_time))


async def select_organization(tx: Transaction, *, lock: bool = False) -> Organization | None:
    """The transaction's organisation; None when there is none of this id. `lock` keeps others from changing it, and
    its members, until the commit."""
    row = await (await tx.execute(_SELECT + (" FOR NO KEY UPDATE" if lock else ""), (tx.organization,))).fetchone()
    return Organization(row[0], row[1], State(row[2]), row[3], row[4]) if row else None


async def raise_version(tx: Transaction) -> int:
    """The version of the event that this transaction writes. Holds the organisation's row until the commit, so that
    versions and outbox rows come in one order."""
    return await _version(tx, _RAISE_VERSION, (tx.organization,))


async def set_state(tx: Transaction, state: State, why: str, now: datetime) -> int:
    """Bring the organisation into a state; its next version, that of the event if others are told."""
    return await _version(tx, _SET_STATE, (state.value, now, why, tx.organization))


async def find_inactive(finder: Connection, limit: int) -> list[InactiveOrganization]:
    """Organisations that may not act, those that changed last first."""
    rows = await (await finder.execute(_FIND_INACTIVE, (limit,))).fetchall()
    return [InactiveOrganization(row[0], State(row[1]), row[2]) for row in rows]


async def _version(tx: Transaction, statement: str, values: Sequence[object]) -> int:
    row = await (await tx.execute(statement, values)).fetchone()
    if row is None:
        raise LookupError(f"organization {tx.organization} does not exist")
    version: int = row[0]
    return version
