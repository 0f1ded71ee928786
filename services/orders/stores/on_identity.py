"""IdentityEvents: which organisations there are, and which of them are suspended or closed."""

from collections.abc import Sequence

from chassis.database.transaction import Transaction
from chassis.messaging.envelope import Message
from orders.stores.known_organization import OrganizationState
from orders.stores.record_organization import record_organization
from rappit.identity.v1 import organizations_pb2 as proto
from rappit.identity.v1.events_pb2 import IdentityEvent

_STATES = {
    proto.ORGANIZATION_STATE_ACTIVE: OrganizationState.ACTIVE,
    proto.ORGANIZATION_STATE_SUSPENDED: OrganizationState.SUSPENDED,
    proto.ORGANIZATION_STATE_CLOSED: OrganizationState.CLOSED,
}


async def on_identity(tx: Transaction, messages: Sequence[Message[IdentityEvent]]) -> None:
    """Handle IdentityEvents. What becomes of sessions is the gateway's."""
    for message in messages:
        match message.event.WhichOneof("event"):
            case "organization_created":
                await record_organization(tx, _STATES[message.event.organization_created.state], message.version)
            case "organization_state_changed":
                await record_organization(tx, _STATES[message.event.organization_state_changed.state], message.version)
