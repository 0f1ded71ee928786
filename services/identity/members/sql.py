"""Statements on members. Memberships are a directory: each statement names the transaction's organisation."""

from typing import Any
from uuid import UUID

from chassis.database.transaction import Transaction
from identity.members.member import Member
from identity.roles.role import Role

_MEMBERS = """
SELECT users.id, users.email, users.display_name, memberships.role, memberships.join_time, memberships.version
FROM memberships JOIN users ON users.id = memberships.user_id
WHERE memberships.organization_id = %s"""

_MEMBER = f"{_MEMBERS} AND memberships.user_id = %s"

# Served by memberships_organization.
_PAGE = f"{_MEMBERS} AND memberships.user_id > %s ORDER BY memberships.user_id LIMIT %s"

_HAS_OTHER_ADMIN = """
SELECT FROM memberships WHERE organization_id = %s AND role = 'ADMIN' AND user_id <> %s LIMIT 1"""

_SET_ROLE = """
UPDATE memberships SET role = %s, version = version + 1 WHERE organization_id = %s AND user_id = %s"""

_DELETE = "DELETE FROM memberships WHERE organization_id = %s AND user_id = %s"


async def select_member(tx: Transaction, user_id: UUID) -> Member | None:
    """A member; None when the person belongs to others alone, or does not exist."""
    row = await (await tx.execute(_MEMBER, (tx.organization, user_id))).fetchone()
    return _member(row) if row else None


async def select_members(tx: Transaction, after: UUID, limit: int) -> list[Member]:
    """The members after one, by id."""
    return [_member(row) for row in await (await tx.execute(_PAGE, (tx.organization, after, limit))).fetchall()]


async def has_other_admin(tx: Transaction, user_id: UUID) -> bool:
    """Whether somebody else is an admin. True for as long as the organisation's row is held."""
    return (await tx.execute(_HAS_OTHER_ADMIN, (tx.organization, user_id))).rowcount > 0


async def set_role(tx: Transaction, user_id: UUID, role: Role) -> None:
    """Give a member another role."""
    await tx.execute(_SET_ROLE, (role.name, tx.organization, user_id))


async def delete_member(tx: Transaction, user_id: UUID) -> None:
    """End a membership."""
    await tx.execute(_DELETE, (tx.organization, user_id))


def _member(row: Any) -> Member:
    user_id, email, display_name, role, join_time, version = row
    return Member(user_id, email, display_name, Role[role], join_time, version)
