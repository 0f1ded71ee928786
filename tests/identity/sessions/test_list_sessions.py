"""ListSessions."""

from datetime import UTC

import pytest

from chassis.rpc.origin import Origin
from identity.sessions.list_sessions import list_sessions
from identity.sessions.session import SLIDING_LIFE
from rappit.identity.v1.sessions_pb2 import ListSessionsRequest, ListSessionsResponse
from tests.given.people import Identity, Person
from tests.given.refusals import refused


@pytest.fixture
async def person(identity: Identity) -> Person:
    return await identity.new_person()


async def listed(
    identity: Identity, person: Person, *, page_size: int = 0, page_token: str = ""
) -> ListSessionsResponse:
    request = ListSessionsRequest(page_size=page_size, page_token=page_token)
    answer: ListSessionsResponse = await identity.call(person, identity.sessions.ListSessions, request)
    return answer


async def test_a_person_sees_their_living_sessions_the_latest_first(identity: Identity, person: Person) -> None:
    second, third = await identity.new_session(person), await identity.new_session(person)
    await identity.sign_out(second)
    answer = await listed(identity, third)

    assert [session.id for session in answer.sessions] == [third.tokens.session_id, person.tokens.session_id]
    assert [session.current for session in answer.sessions] == [True, False]
    first = answer.sessions[-1]
    assert first.create_time == first.refresh_time
    assert first.expire_time.ToDatetime(UTC) - first.create_time.ToDatetime(UTC) == SLIDING_LIFE


async def test_a_session_says_from_what_it_was_last_used(identity: Identity, person: Person) -> None:
    at_home = Origin("203.0.113.7", "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0")
    out = Origin(
        "2001:db8:1:2::/64", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Safari/604.1"
    )
    tokens = await identity.sign_in(person.email, origin=at_home)
    signed_in = await listed(identity, person)
    await identity.refresh(tokens.refresh_token, origin=out)
    refreshed = await listed(identity, person)

    seen = [(answer.sessions[0].device, answer.sessions[0].address) for answer in (signed_in, refreshed)]
    assert seen == [("Firefox on Windows", "203.0.113.7"), ("Safari on iPhone", "2001:db8:1:2::/64")]
    assert (signed_in.sessions[1].device, signed_in.sessions[1].address) == ("", "")


async def test_nobody_elses_and_none_that_is_over(identity: Identity, person: Person) -> None:
    """Trap 2."""
    await identity.new_colleague(person)
    identity.clock.ahead = SLIDING_LIFE
    later = await identity.new_session(person)
    async with identity.database.transaction(person.organization) as tx:
        found = await list_sessions(tx, identity.clock, person.user_id, limit=10)

    assert [str(session.id) for session in found] == [later.tokens.session_id]


async def test_pages_lead_through_all_of_them(identity: Identity, person: Person) -> None:
    """Trap 27."""
    others = [await identity.new_session(person) for _ in range(2)]
    seen, token = [], ""
    while True:
        answer = await listed(identity, person, page_size=1, page_token=token)
        seen += [session.id for session in answer.sessions]
        token = answer.next_page_token
        if not token:
            break

    assert seen == [*(other.tokens.session_id for other in reversed(others)), person.tokens.session_id]
    with refused("PAGE_TOKEN_INVALID"):
        await listed(identity, person, page_token="x")
