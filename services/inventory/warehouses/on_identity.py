"""Identity's events in: an organisation that signed up."""

from collections.abc import Sequence

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from chassis.messaging.envelope import Message
from inventory.warehouses.record_organization import record_organization
from rappit.identity.v1.events_pb2 import IdentityEvent


async def on_identity(clock: Clock, tx: Transaction, messages: Sequence[Message[IdentityEvent]]) -> None:
    """Record new organisations. Nothing else that identity tells concerns stock."""
    for message in messages:
        if message.event.WhichOneof("event") == "organization_created":
            await record_organization(tx, clock)
