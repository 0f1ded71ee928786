"""End an organisation. Nothing leads back."""

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from identity.organizations.change_state import change_state
from identity.organizations.organization import Organization, State

CAUSE = "close_organization"


async def close_organization(tx: Transaction, clock: Clock, why: str) -> Organization | None:
    """The organisation, CLOSED; None when there is none. Closing it again changes nothing."""
    return await change_state(tx, clock, State.CLOSED, why, CAUSE)
