"""Stop an organisation: its people are refused from now on, and nothing of it is lost."""

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from identity.organizations.change_state import change_state
from identity.organizations.organization import Organization, State

CAUSE = "suspend_organization"


async def suspend_organization(tx: Transaction, clock: Clock, why: str) -> Organization | None:
    """The organisation, SUSPENDED; None when there is none. Refused with OrganizationNotActive when it is closed."""
    return await change_state(tx, clock, State.SUSPENDED, why, CAUSE)
