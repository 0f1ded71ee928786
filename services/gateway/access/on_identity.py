"""What identity tells: a session ended before its tokens did."""

from uuid import UUID

from gateway.access.exchanges import Exchanges
from rappit.identity.v1.events_pb2 import IdentityEvent


def session_ended(exchanges: Exchanges, event: IdentityEvent) -> None:
    """Forget what was exchanged for the session; other events of identity change nothing here."""
    if event.WhichOneof("event") == "session_ended":
        exchanges.end_session(UUID(event.session_ended.session_id))
