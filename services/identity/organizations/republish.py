"""Writes an organisation's current state to the outbox once more, for receivers that missed or lost it."""

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from chassis.messaging import outbox
from identity.accounts.events import organization_created
from identity.organizations import sql

CAUSE = "republish"


async def republish(tx: Transaction, clock: Clock) -> bool:
    """Tell of the transaction's organisation again, in its present version; False when it does not exist."""
    organization = await sql.select_organization(tx)
    if organization is None:
        return False
    await outbox.write(tx, [organization_created(tx, clock, organization, CAUSE)])
    return True
