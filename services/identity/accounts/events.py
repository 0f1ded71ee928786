"""What is told when somebody signs up."""

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from chassis.messaging.envelope import new_header
from identity.organizations.messages import state_message
from identity.organizations.organization import Organization
from rappit.identity.v1.events_pb2 import IdentityEvent, OrganizationCreated


def organization_created(tx: Transaction, clock: Clock, organization: Organization, cause: str) -> IdentityEvent:
    """An organisation is there, in this state. Its name stays here: events carry no names."""
    return IdentityEvent(
        header=new_header(tx, clock, organization.id, organization.version, cause),
        organization_created=OrganizationCreated(state=state_message(organization.state.told)),
    )
