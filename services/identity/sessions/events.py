"""What is told about sessions."""

from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from chassis.messaging.envelope import new_header
from rappit.identity.v1.events_pb2 import IdentityEvent, SessionEnded


def session_ended(tx: Transaction, clock: Clock, version: int, session_id: UUID, cause: str) -> IdentityEvent:
    """A session of the transaction's organisation ended before its tokens did."""
    return IdentityEvent(
        header=new_header(tx, clock, tx.organization, version, cause),
        session_ended=SessionEnded(session_id=str(session_id)),
    )
