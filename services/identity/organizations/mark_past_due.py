"""Let an organisation's people see that it owes money. It works as ever; suspending it is another's decision."""

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from identity.organizations.change_state import change_state
from identity.organizations.organization import Organization, State

CAUSE = "mark_past_due"


async def mark_past_due(tx: Transaction, clock: Clock, why: str) -> Organization | None:
    """The organisation, PAST_DUE; None when there is none. Refused with OrganizationNotActive unless it is active."""
    return await change_state(tx, clock, State.PAST_DUE, why, CAUSE)
