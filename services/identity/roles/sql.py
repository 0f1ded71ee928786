"""Statements on memberships: a directory table, for sign-in asks it which organisation a person works in."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from chassis.database.transaction import Transaction
from identity.organizations.organization import State
from identity.roles.role import Role

_INSERT = "INSERT INTO memberships (user_id, organization_id, role, join_time) VALUES (%s, %s, %s, %s)"

# Served by the primary key (user, organisation).
_JOINED_FIRST = """
SELECT organization_id FROM memberships WHERE user_id = %s ORDER BY join_time, organization_id LIMIT 1"""

# Served by the primary key too.
_ORGANIZATIONS_OF = """
SELECT organization_id FROM memberships WHERE user_id = %s AND organization_id > %s
ORDER BY organization_id LIMIT %s"""

_STANDING = """
SELECT organizations.state, memberships.role
FROM organizations
LEFT JOIN memberships
  ON memberships.organization_id = organizations.organization_id AND memberships.user_id = %s
WHERE organizations.organization_id = %s"""


class Standing(NamedTuple):
    """What a person is in an organisation, and whether that may act."""

    state: State
    role: Role | None


async def insert_membership(tx: Transaction, user_id: UUID, role: Role, now: datetime) -> None:
    """Make a person a member of the transaction's organisation."""
    await tx.execute(_INSERT, (user_id, tx.organization, role.name, now))


async def organization_joined_first(tx: Transaction, user_id: UUID) -> UUID | None:
    """The organisation that a person has been in for longest."""
    row = await (await tx.execute(_JOINED_FIRST, (user_id,))).fetchone()
    organization: UUID | None = row[0] if row else None
    return organization


async def organizations_of(tx: Transaction, user_id: UUID, after: UUID, limit: int) -> list[UUID]:
    """The organisations that a person belongs to, after one, by id."""
    return [row[0] for row in await (await tx.execute(_ORGANIZATIONS_OF, (user_id, after, limit))).fetchall()]


async def standing_of(tx: Transaction, user_id: UUID) -> Standing | None:
    """A person's standing in the transaction's organisation; None when there is no such organisation."""
    row = await (await tx.execute(_STANDING, (user_id, tx.organization))).fetchone()
    return Standing(State(row[0]), Role[row[1]] if row[1] else None) if row else None
