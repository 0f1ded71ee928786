"""ListMembers."""

from uuid import UUID

from chassis.database.transaction import Transaction
from identity.members import sql
from identity.members.member import Member

_FIRST = UUID(int=0)


async def list_members(tx: Transaction, *, after: UUID | None = None, limit: int) -> list[Member]:
    """At most so many members after one, by id: those whose accounts are oldest first."""
    return await sql.select_members(tx, after or _FIRST, limit)
