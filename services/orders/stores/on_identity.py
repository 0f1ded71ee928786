"""IdentityEvents: which organisations there are."""

from collections.abc import Sequence

from chassis.database.transaction import Transaction
from chassis.messaging.envelope import Message
from orders.stores.record_organization import record_organization
from rappit.identity.v1.events_pb2 import IdentityEvent
from rappit.identity.v1.organizations_pb2 import OrganizationState

_PREFIX = "ORGANIZATION_STATE_"


async def on_identity(tx: Transaction, messages: Sequence[Message[IdentityEvent]]) -> None:
    """Handle IdentityEvents. What becomes of sessions is the gateway's."""
    for message in messages:
        if message.event.WhichOneof("event") == "organization_created":
            state = OrganizationState.Name(message.event.organization_created.state).removeprefix(_PREFIX)
            await record_organization(tx, state, message.version)
