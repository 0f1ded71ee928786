"""Begins a change of members. Of two at once the second waits, and sees what the first did."""

from uuid import UUID

from chassis.database.transaction import Transaction
from identity.errors import LastAdmin, MemberNotFound
from identity.members import sql
from identity.members.member import Member
from identity.organizations.lock_organization import lock_organization
from identity.roles.role import Role


async def lock_member(tx: Transaction, user_id: UUID) -> Member:
    """A member whose role nobody else changes until the commit, nor any other's in the organisation.

    Refused with MemberNotFound and OrganizationNotActive.
    """
    await lock_organization(tx)
    # A statement of its own: what it sees was committed before the lock was granted.
    member = await sql.select_member(tx, user_id)
    if member is None:
        raise MemberNotFound(user_id)
    return member


async def refuse_last_admin(tx: Transaction, member: Member) -> None:
    """Refused with LastAdmin when the member, who is locked, is the only admin."""
    if member.role is Role.ADMIN and not await sql.has_other_admin(tx, member.user_id):
        raise LastAdmin(member.user_id)
