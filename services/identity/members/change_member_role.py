"""ChangeMemberRole: a member may do more, or less, from now on."""

from dataclasses import replace
from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from chassis.errors import ChangedMeanwhile
from identity.members import sql
from identity.members.lock_member import lock_member, refuse_last_admin
from identity.members.member import Member
from identity.roles.change_access import change_access
from identity.roles.role import Role


async def change_member_role(
    tx: Transaction, clock: Clock, user_id: UUID, role: Role, *, etag: str, cause: str
) -> Member:
    """The member in the new role; in the same one nothing changes. An empty etag is any.

    Refused with MemberNotFound, ChangedMeanwhile, LastAdmin and OrganizationNotActive.
    """
    member = await lock_member(tx, user_id)
    if etag not in {"", member.etag}:
        raise ChangedMeanwhile(member.etag)
    if role is member.role:
        return member
    await refuse_last_admin(tx, member)
    await sql.set_role(tx, user_id, role)
    await change_access(tx, clock, user_id, cause)
    return replace(member, role=role, version=member.version + 1)
