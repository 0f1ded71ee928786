"""ListInvitations."""

from uuid import UUID

from chassis.database.transaction import Transaction
from identity.invitations import sql
from identity.invitations.invitation import Invitation

_LAST = UUID(int=2**128 - 1)


async def list_invitations(tx: Transaction, *, before: UUID | None = None, limit: int) -> list[Invitation]:
    """At most so many invitations that nobody has accepted or revoked, the latest first."""
    return await sql.select_open(tx, before or _LAST, limit)
