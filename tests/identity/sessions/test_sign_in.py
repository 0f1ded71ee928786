"""SignIn."""

import asyncio
import time
from datetime import timedelta
from uuid import UUID, uuid4

import jwt
import pytest

from chassis.errors import RemoteRefusal
from identity.errors import TooManyAttempts
from identity.sessions.device import Device
from identity.sessions.lockout import FIRST_LOCK, FREE_FAILURES
from identity.sessions.session import ABSOLUTE_LIFE, SLIDING_LIFE
from identity.sessions.sign_in import Attempt, open_session
from rappit.identity.v1.sessions_pb2 import SessionTokens
from tests.given.people import PASSWORD, Identity, Person, new_email
from tests.given.refusals import refused

WRONG = "not the kettle at all"


@pytest.fixture
async def person(identity: Identity) -> Person:
    return await identity.new_person()


async def reason_of_sign_in(identity: Identity, email: str, password: str) -> str:
    """The reason of refusal; "" when it was not refused."""
    try:
        await identity.sign_in(email, password)
    except RemoteRefusal as refusal:
        return refusal.reason
    return ""


async def fail(identity: Identity, email: str, times: int) -> None:
    for _ in range(times):
        with refused("CREDENTIALS_WRONG"):
            await identity.sign_in(email, WRONG)


async def test_the_tokens_say_who_works_where_and_for_how_long(identity: Identity, person: Person) -> None:
    before = identity.clock.now().replace(microsecond=0)
    tokens = await identity.sign_in(person.email)
    claims = jwt.decode(tokens.access_token, options={"verify_signature": False})
    header = jwt.get_unverified_header(tokens.access_token)

    assert header["typ"] == "rappit-access+jwt"
    assert (claims["iss"], claims["aud"]) == ("identity", "gateway")
    assert (claims["sub"], claims["org"]) == (str(person.user_id), str(person.organization))
    assert claims["sid"] == tokens.session_id
    assert claims["exp"] - claims["iat"] == 300
    assert tokens.access_expire_time.seconds == claims["exp"]
    assert timedelta(0) <= tokens.refresh_expire_time.ToDatetime(before.tzinfo) - before - SLIDING_LIFE < FIRST_LOCK
    assert "perms" not in claims
    assert person.email not in str(claims)


async def test_each_sign_in_opens_a_session_of_its_own(identity: Identity, person: Person) -> None:
    again = await identity.new_session(person)

    assert again.tokens.session_id != person.tokens.session_id
    await identity.sign_out(again)
    await identity.refresh(person.tokens.refresh_token)


async def test_an_unknown_address_and_a_wrong_password_get_the_same_answer(identity: Identity, person: Person) -> None:
    answers = []
    for email in (person.email, new_email()):
        with refused("CREDENTIALS_WRONG") as refusal:
            await identity.sign_in(email, WRONG)
        answers.append((refusal.error.code, refusal.error.message, refusal.error.facts, refusal.error.violations))

    assert answers[0] == answers[1]


async def test_an_unknown_address_takes_as_long_as_a_wrong_password(identity: Identity, person: Person) -> None:
    """Checking a password takes 50 ms, all the rest less than a tenth of it."""
    known: list[float] = []
    unknown: list[float] = []
    for _ in range(FREE_FAILURES):
        for email, seconds in ((person.email, known), (new_email(), unknown)):
            started = time.perf_counter()
            await reason_of_sign_in(identity, email, WRONG)
            seconds.append(time.perf_counter() - started)

    assert min(unknown) > min(known) / 2


async def test_repeated_failures_lock_the_address_and_say_until_when(identity: Identity, person: Person) -> None:
    await fail(identity, person.email, FREE_FAILURES)
    with refused("TOO_MANY_ATTEMPTS") as refusal:
        await identity.sign_in(person.email)

    retry_after = refusal.error.retry_after
    assert retry_after is not None
    assert FIRST_LOCK - timedelta(seconds=20) < retry_after <= FIRST_LOCK
    assert refusal.error.facts == {"retry_after_seconds": str(int(retry_after.total_seconds()))}


async def test_an_address_without_an_account_locks_in_the_same_way(identity: Identity) -> None:
    email = new_email()
    await fail(identity, email, FREE_FAILURES)

    with refused("TOO_MANY_ATTEMPTS"):
        await identity.sign_in(email, WRONG)


async def test_the_case_of_the_address_gives_no_further_tries(identity: Identity, person: Person) -> None:
    await fail(identity, person.email.upper(), FREE_FAILURES)

    with refused("TOO_MANY_ATTEMPTS"):
        await identity.sign_in(person.email)


async def test_when_the_lock_has_ended_the_right_password_opens_and_forgets_the_failures(
    identity: Identity, person: Person
) -> None:
    await fail(identity, person.email, FREE_FAILURES)
    identity.clock.ahead = FIRST_LOCK
    await identity.sign_in(person.email)

    await fail(identity, person.email, FREE_FAILURES)


async def test_a_failure_after_the_lock_locks_at_once_and_for_longer(identity: Identity, person: Person) -> None:
    await fail(identity, person.email, FREE_FAILURES)
    identity.clock.ahead = FIRST_LOCK
    await fail(identity, person.email, 1)
    with refused("TOO_MANY_ATTEMPTS") as refusal:
        await identity.sign_in(person.email)

    assert refusal.error.retry_after is not None
    assert refusal.error.retry_after > FIRST_LOCK


async def test_of_many_guesses_at_once_only_the_free_ones_are_answered(identity: Identity, person: Person) -> None:
    reasons = await asyncio.gather(*(reason_of_sign_in(identity, person.email, WRONG) for _ in range(8)))

    assert sorted(reasons) == ["CREDENTIALS_WRONG"] * FREE_FAILURES + ["TOO_MANY_ATTEMPTS"] * (8 - FREE_FAILURES)


async def test_a_right_guess_that_comes_after_the_lock_was_set_learns_nothing(
    identity: Identity, person: Person
) -> None:
    """It was let in to be checked before the lock; the answer is decided after it, under the lock's row."""
    await fail(identity, person.email, FREE_FAILURES)
    attempt = Attempt(person.email, PASSWORD, None, Device())

    with pytest.raises(TooManyAttempts):
        async with identity.database.transaction(person.organization) as tx:
            await open_session(tx, identity.clock, person.user_id, 1, attempt)


async def test_many_sign_ins_of_one_person_at_once_all_succeed(identity: Identity, person: Person) -> None:
    sessions = await asyncio.gather(*(identity.sign_in(person.email) for _ in range(5)))

    assert len({tokens.session_id for tokens in sessions}) == 5


async def test_whoever_is_no_member_of_the_named_organization_is_refused(identity: Identity, person: Person) -> None:
    other = await identity.new_person()

    for organization in (other.organization, uuid4()):
        with refused("NOT_A_MEMBER"):
            await identity.sign_in(person.email, organization=str(organization))
    tokens: SessionTokens = await identity.sign_in(person.email, organization=str(person.organization))
    assert UUID(tokens.organization_id) == person.organization


async def test_nobody_works_in_a_suspended_organization(identity: Identity, person: Person) -> None:
    await identity.set_state(person.organization, "SUSPENDED")

    with refused("ORGANIZATION_NOT_ACTIVE") as refusal:
        await identity.sign_in(person.email)
    assert refusal.error.facts == {"state": "SUSPENDED"}


async def test_a_session_ends_at_its_absolute_time_however_often_it_is_used(identity: Identity, person: Person) -> None:
    tokens = person.tokens
    while identity.clock.ahead < ABSOLUTE_LIFE - timedelta(days=6):
        identity.clock.ahead += timedelta(days=6)
        tokens = await identity.refresh(tokens.refresh_token)
    left = tokens.refresh_expire_time.ToDatetime() - identity.clock.now().replace(tzinfo=None)
    identity.clock.ahead += left

    assert left < timedelta(days=6)
    with refused("REFRESH_TOKEN_INVALID"):
        await identity.refresh(tokens.refresh_token)
