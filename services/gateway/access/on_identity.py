"""What identity tells: what ended, or changed, before its tokens did."""

from collections.abc import Iterable
from uuid import UUID

from gateway.access.exchanges import Revoked
from gateway.access.revocations import Revocable
from gateway.webhooks.stores import Stores
from rappit.identity.v1.events_pb2 import IdentityEvent


def identity_changed(holders: Iterable[Revocable], stores: Stores, event: IdentityEvent) -> None:
    """Forget what is no more; other events of identity change nothing here. Raises ValueError for what is no id."""
    match event.WhichOneof("event"):
        case "session_ended":
            revoked = Revoked(sessions=frozenset({UUID(event.session_ended.session_id)}))
        case "user_access_changed":
            revoked = Revoked(users=frozenset({UUID(event.user_access_changed.user_id)}))
        case "organization_state_changed":
            organization = UUID(event.header.organization_id)
            revoked = Revoked(organizations=frozenset({organization}))
            # Whether its deliveries may still wait is another question now.
            stores.forget_organization(organization)
        case _:
            return
    for holder in holders:
        holder.revoke(revoked)
