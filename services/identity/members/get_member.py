"""GetMember."""

from uuid import UUID

from chassis.database.transaction import Transaction
from identity.errors import MemberNotFound
from identity.members import sql
from identity.members.member import Member


async def get_member(tx: Transaction, user_id: UUID) -> Member:
    """A member. Refused with MemberNotFound."""
    member = await sql.select_member(tx, user_id)
    if member is None:
        raise MemberNotFound(user_id)
    return member
