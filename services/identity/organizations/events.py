"""What is told about organisations."""

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from chassis.messaging.envelope import new_header
from identity.organizations.messages import state_message
from identity.organizations.organization import Organization
from rappit.identity.v1.events_pb2 import IdentityEvent, OrganizationStateChanged


def organization_state_changed(tx: Transaction, clock: Clock, organization: Organization, cause: str) -> IdentityEvent:
    """An organisation is in another state. Why is for the platform's people alone."""
    return IdentityEvent(
        header=new_header(tx, clock, organization.id, organization.version, cause),
        organization_state_changed=OrganizationStateChanged(state=state_message(organization.state.told)),
    )
