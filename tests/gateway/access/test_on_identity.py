from uuid import uuid4

import pytest

from gateway.access.exchanges import Revoked
from gateway.access.on_identity import identity_changed
from gateway.webhooks.stores import Store, Stores
from rappit.identity.v1.events_pb2 import (
    IdentityEvent,
    OrganizationCreated,
    OrganizationStateChanged,
    SessionEnded,
    UserAccessChanged,
)
from rappit.types.v1.event_header_pb2 import EventHeader

ORGANIZATION, SOMEBODY = uuid4(), uuid4()
HEADER = EventHeader(organization_id=str(ORGANIZATION))


class Holder:
    """What was revoked."""

    def __init__(self) -> None:
        self.revoked: list[Revoked] = []

    def revoke(self, revoked: Revoked) -> None:
        self.revoked.append(revoked)

    def forget_all(self) -> None:
        raise AssertionError


async def resolve(_: str) -> Store:
    return Store(ORGANIZATION, 1, "shop.myshopify.com", (b"secret",))


async def hear(event: IdentityEvent) -> tuple[list[Revoked], int]:
    """What two holders were told, and how often a store was asked for before and after the event."""
    asked: list[str] = []

    async def ask(store_id: str) -> Store:
        asked.append(store_id)
        return await resolve(store_id)

    stores, holders = Stores(ask), [Holder(), Holder()]
    await stores.find("store")
    identity_changed(holders, stores, event)
    await stores.find("store")
    assert holders[0].revoked == holders[1].revoked
    return holders[0].revoked, len(asked)


async def test_each_event_revokes_what_it_names() -> None:
    ended = IdentityEvent(header=HEADER, session_ended=SessionEnded(session_id=str(SOMEBODY)))
    changed = IdentityEvent(header=HEADER, user_access_changed=UserAccessChanged(user_id=str(SOMEBODY)))
    state = IdentityEvent(header=HEADER, organization_state_changed=OrganizationStateChanged())

    assert await hear(ended) == ([Revoked(sessions=frozenset({SOMEBODY}))], 1)
    assert await hear(changed) == ([Revoked(users=frozenset({SOMEBODY}))], 1)
    # Its stores too: as many deliveries wait as may, or no more.
    assert await hear(state) == ([Revoked(organizations=frozenset({ORGANIZATION}))], 2)


async def test_other_events_revoke_nothing() -> None:
    for event in (
        IdentityEvent(header=HEADER, organization_created=OrganizationCreated()),
        IdentityEvent(header=HEADER),
    ):
        assert await hear(event) == ([], 1)


async def test_an_event_that_names_nobody_is_no_reason_to_end() -> None:
    """The listener passes over what raises ValueError."""
    for event in (
        IdentityEvent(organization_state_changed=OrganizationStateChanged()),
        IdentityEvent(header=HEADER, session_ended=SessionEnded(session_id="poison")),
    ):
        with pytest.raises(ValueError, match="badly formed"):
            await hear(event)
