"""What suspending, reactivating and closing have in common."""

from dataclasses import replace

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from chassis.messaging import outbox
from chassis.telemetry.logs import get_logger
from identity.errors import OrganizationNotActive
from identity.organizations import sql
from identity.organizations.events import organization_state_changed
from identity.organizations.organization import Organization, State, may_become

log = get_logger()


async def change_state(tx: Transaction, clock: Clock, state: State, why: str, cause: str) -> Organization | None:
    """Bring the transaction's organisation into a state; None when there is no such organisation.

    Others are told where it changes for them: past due is active to them. One that is in the state already stays as
    it is.
    Refused with OrganizationNotActive when it is closed, which is final, or cannot come into the state from its own.
    """
    organization = await sql.select_organization(tx, lock=True)
    if organization is None or organization.state is state:
        return organization
    if not may_become(organization.state, state):
        raise OrganizationNotActive(organization.state.value)
    version = await sql.set_state(tx, state, why, clock.now())
    changed = replace(organization, state=state, version=version)
    if state.told is not organization.state.told:
        await outbox.write(tx, [organization_state_changed(tx, clock, changed, cause)])
    log.info("organization state changed", organization_id=str(organization.id), state=state.value)
    return changed
