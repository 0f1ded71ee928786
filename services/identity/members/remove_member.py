"""RemoveMember: a person belongs to the organisation no more."""

from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from identity.members import sql
from identity.members.lock_member import lock_member, refuse_last_admin
from identity.roles.change_access import change_access
from identity.sessions.session import EndReason
from identity.sessions.sql import end_all_here


async def remove_member(tx: Transaction, clock: Clock, user_id: UUID, cause: str) -> None:
    """End the membership and the person's sessions in the organisation.

    Refused with MemberNotFound, LastAdmin and OrganizationNotActive.
    """
    # Before the organisation's row is held: whoever ends one session takes them in this order.
    await end_all_here(tx, user_id, EndReason.MEMBERSHIP_ENDED, clock.now())
    await refuse_last_admin(tx, await lock_member(tx, user_id))
    await sql.delete_member(tx, user_id)
    await change_access(tx, clock, user_id, cause)
