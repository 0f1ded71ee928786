"""EndAllSessions: a person is signed out everywhere, in every organisation at once."""

from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from identity.errors import NotAMember
from identity.roles.change_access import change_access
from identity.sessions import sql


async def end_all_sessions(tx: Transaction, clock: Clock, user_id: UUID, *, keep: UUID | None, cause: str) -> None:
    """End a person's sessions, and tell; `keep`, one in the transaction's organisation, goes on.

    The person's next epoch begins: one row ends them all, for no transaction sees sessions of other organisations.
    Refused with NotAMember when there is no such person.
    """
    if not await sql.end_epoch(tx, user_id, keep):
        raise NotAMember
    await change_access(tx, clock, user_id, cause)
