"""Deleting what is long over."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from chassis.database import deletion, leases
from chassis.database.leases import Lease, LeaseLost
from chassis.database.transaction import Transaction
from identity.sessions.device import Device
from identity.sessions.forget_sessions import (
    KEPT_AFTER_END,
    forget_failures,
    forget_revocations,
    forget_sessions,
)
from identity.sessions.lockout import FORGET_AFTER
from identity.sessions.session import SLIDING_LIFE
from identity.sessions.sign_in import Attempt
from identity.tokens.list_revocations import SHOWN_FOR
from tests.given.people import Identity, new_email
from tests.given.refusals import refused

TOKENS = "SELECT FROM refresh_tokens WHERE session_id = %s"
REVOCATIONS = "SELECT FROM revocations WHERE kind = 'SESSION' AND id = %s"
FAILURES = "SELECT FROM sign_in_failures WHERE email_hash = %s"


@pytest.fixture
async def lease(identity: Identity) -> AsyncIterator[Lease]:
    async with identity.database.directory() as tx:
        taken = await leases.take(tx, "forget_sessions", "test")
    assert taken is not None
    yield taken
    async with identity.database.directory() as tx:
        await taken.give_back(tx)


async def count(identity: Identity, statement: str, value: object) -> int:
    async with identity.database.directory() as tx:
        return (await tx.execute(statement.encode(), (value,))).rowcount


async def test_a_session_is_deleted_with_its_tokens_a_day_after_it_is_over(identity: Identity, lease: Lease) -> None:
    person = await identity.new_person()
    await identity.refresh(person.tokens.refresh_token)
    session = person.tokens.session_id
    identity.clock.ahead = SLIDING_LIFE + KEPT_AFTER_END - timedelta(minutes=1)
    await forget_sessions(identity.database, identity.clock, lease)
    kept = await count(identity, TOKENS, session)
    identity.clock.ahead += timedelta(minutes=2)
    await forget_sessions(identity.database, identity.clock, lease)

    assert kept == 2
    assert await count(identity, TOKENS, session) == 0
    with refused("REFRESH_TOKEN_INVALID"):
        await identity.refresh(person.tokens.refresh_token)


async def test_tokens_are_deleted_a_few_at_a_time_and_stay_deleted_when_it_does_not_come_to_the_end(
    identity: Identity, lease: Lease, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A session has a token for every time that it was refreshed: more than a transaction has time for."""
    monkeypatch.setattr(deletion, "BATCH", 2)
    person = await identity.new_person()
    token = person.tokens.refresh_token
    for _ in range(4):
        token = (await identity.refresh(token)).refresh_token
    identity.clock.ahead = SLIDING_LIFE + KEPT_AFTER_END + timedelta(minutes=1)
    began = 0

    async def hold_twice(tx: Transaction) -> None:
        nonlocal began
        began += tx.organization == person.organization
        if began > 2:
            raise LeaseLost

    with monkeypatch.context() as losing:
        losing.setattr(lease, "hold", hold_twice)
        with pytest.raises(LeaseLost):
            await forget_sessions(identity.database, identity.clock, lease)
    left = await count(identity, TOKENS, person.tokens.session_id)
    await forget_sessions(identity.database, identity.clock, lease)

    assert left == 1
    assert await count(identity, TOKENS, person.tokens.session_id) == 0


async def test_a_session_that_is_alive_is_kept(identity: Identity, lease: Lease) -> None:
    person = await identity.new_person()
    await forget_sessions(identity.database, identity.clock, lease)

    await identity.refresh(person.tokens.refresh_token)


async def test_failures_that_no_longer_count_are_deleted(identity: Identity, lease: Lease) -> None:
    email = new_email()
    with refused("CREDENTIALS_WRONG"):
        await identity.sign_in(email, "wrong")
    email_hash = Attempt(email, "", None, Device()).email_hash
    await forget_failures(identity.database, identity.clock, lease)
    kept = await count(identity, FAILURES, email_hash)
    identity.clock.ahead = FORGET_AFTER + timedelta(minutes=1)
    await forget_failures(identity.database, identity.clock, lease)

    assert kept == 1
    assert await count(identity, FAILURES, email_hash) == 0


async def test_revocations_are_deleted_when_no_token_that_they_name_lives(identity: Identity, lease: Lease) -> None:
    person = await identity.new_person()
    await identity.sign_out(person)
    session = person.tokens.session_id
    identity.clock.ahead = SHOWN_FOR - timedelta(minutes=1)
    await forget_revocations(identity.database, identity.clock, lease)
    kept = await count(identity, REVOCATIONS, session)
    identity.clock.ahead += timedelta(minutes=2)
    await forget_revocations(identity.database, identity.clock, lease)

    assert kept == 1
    assert await count(identity, REVOCATIONS, session) == 0


async def test_whoever_lost_the_lease_deletes_nothing(identity: Identity, lease: Lease) -> None:
    person = await identity.new_person()
    identity.clock.ahead = SLIDING_LIFE + KEPT_AFTER_END + timedelta(minutes=1)
    async with identity.database.directory() as tx:
        await lease.give_back(tx)
    with pytest.raises(LeaseLost):
        await forget_sessions(identity.database, identity.clock, lease)

    assert await count(identity, TOKENS, person.tokens.session_id) == 1
