"""Tells those who may still hold a person's tokens that these say what holds no more."""

from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from chassis.messaging import outbox
from identity.organizations.sql import raise_version
from identity.roles.events import user_access_changed
from identity.tokens.revocation import Kind
from identity.tokens.sql import revoke


async def change_access(tx: Transaction, clock: Clock, user_id: UUID, cause: str) -> None:
    """Revoke what the person's tokens say, and write UserAccessChanged."""
    # The organisation's row first, as whoever changes its members has it already.
    version = await raise_version(tx)
    await revoke(tx, Kind.USER, user_id, clock.now())
    await outbox.write(tx, [user_access_changed(tx, clock, version, user_id, cause)])
