"""What is told about people's access."""

from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from chassis.messaging.envelope import new_header
from rappit.identity.v1.events_pb2 import IdentityEvent, UserAccessChanged


def user_access_changed(tx: Transaction, clock: Clock, version: int, user_id: UUID, cause: str) -> IdentityEvent:
    """What a person may do changed, or all their sessions ended. Who knows nothing of people may pass over it."""
    return IdentityEvent(
        header=new_header(tx, clock, tx.organization, version, cause, may_ignore=True),
        user_access_changed=UserAccessChanged(user_id=str(user_id)),
    )
