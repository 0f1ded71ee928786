"""ListRevocations."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from chassis.database.pool import Database
from identity.tokens import list_revocations as module
from identity.tokens.list_revocations import SHOWN_FOR, list_revocations
from identity.tokens.revocation import Kind
from identity.tokens.sql import revoke
from rappit.identity.v1.organizations_pb2 import ORGANIZATION_STATE_SUSPENDED
from rappit.identity.v1.tokens_pb2 import ListRevocationsRequest, ListRevocationsResponse
from tests.given.people import Identity, MovableClock, Person


@pytest.fixture
async def person(identity: Identity) -> Person:
    return await identity.new_person()


async def told(identity: Identity) -> ListRevocationsResponse:
    return await identity.peer.call(identity.tokens.ListRevocations, ListRevocationsRequest())


async def test_an_ended_session_is_told_for_as_long_as_its_access_token_lives(
    identity: Identity, person: Person
) -> None:
    await identity.sign_out(person)
    after = await told(identity)
    identity.clock.ahead = SHOWN_FOR - timedelta(seconds=5)
    to_the_last = await told(identity)
    identity.clock.ahead = SHOWN_FOR
    late = await told(identity)

    seen = [person.tokens.session_id in answer.ended_session_ids for answer in (after, to_the_last, late)]
    assert seen == [True, True, False]
    assert to_the_last.read_time.seconds > person.tokens.access_expire_time.seconds
    assert not after.truncated


async def test_a_person_whose_access_changed_is_told_with_the_time(identity: Identity, person: Person) -> None:
    earlier, later = identity.clock.now() - timedelta(seconds=2), identity.clock.now()
    async with identity.database.directory() as tx:
        for time in (later, earlier):
            await revoke(tx, Kind.USER, person.user_id, time)
    answer = await told(identity)

    (change,) = [change for change in answer.access_changes if change.user_id == str(person.user_id)]
    assert change.change_time.ToDatetime(UTC) == later
    assert str(person.user_id) not in answer.ended_session_ids


async def test_organizations_that_are_not_active_are_told_however_long_ago(identity: Identity, person: Person) -> None:
    await identity.set_state(person.organization, "SUSPENDED")
    identity.clock.ahead = timedelta(days=400)
    answer = await told(identity)

    states = {each.organization_id: each.state for each in answer.inactive_organizations}
    assert states[str(person.organization)] == ORGANIZATION_STATE_SUSPENDED
    assert not answer.truncated


async def test_more_than_fits_is_said_to_be_more(identity_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The latest are there, and the caller knows that others are not. A clock of its own keeps others' rows out."""
    clock = MovableClock()
    clock.ahead = timedelta(days=4000)
    now: datetime = clock.now()
    sessions: list[UUID] = [uuid4() for _ in range(3)]
    async with identity_database.directory() as tx:
        for n, session in enumerate(sessions):
            await revoke(tx, Kind.SESSION, session, now - timedelta(seconds=n))
    monkeypatch.setattr(module, "MOST_LISTED", 3)
    whole = await list_revocations(identity_database, clock)
    monkeypatch.setattr(module, "MOST_LISTED", 2)
    cut = await list_revocations(identity_database, clock)

    assert ([each.id for each in whole.sessions], whole.truncated) == (sessions, False)
    assert ([each.id for each in cut.sessions], cut.truncated) == (sessions[:2], True)
