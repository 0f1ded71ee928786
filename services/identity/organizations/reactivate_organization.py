"""Let a suspended organisation go on where it stopped."""

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from identity.organizations.change_state import change_state
from identity.organizations.organization import Organization, State

CAUSE = "reactivate_organization"


async def reactivate_organization(tx: Transaction, clock: Clock, why: str) -> Organization | None:
    """The organisation, ACTIVE; None when there is none. Refused with OrganizationNotActive when it is closed."""
    return await change_state(tx, clock, State.ACTIVE, why, CAUSE)
