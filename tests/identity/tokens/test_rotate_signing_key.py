"""Rotating the signing key."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import pytest

from chassis.database.leases import LeaseLost, take
from chassis.database.pool import Database
from chassis.errors import NotAuthenticated
from chassis.keys import public_keys
from chassis.sealing import Sealer
from chassis.tokens import TokenVerifier
from identity.errors import TokenInvalid
from identity.tokens.access_token import LIFE, AccessToken, decode_access_token, encode_access_token
from identity.tokens.get_json_web_key_set import get_json_web_key_set
from identity.tokens.internal_token import internal_token
from identity.tokens.rotate_signing_key import (
    AHEAD,
    KEPT_AFTER_RETIREMENT,
    MOST_AGE,
    OVERLAP,
    rotate_by_age,
    rotate_signing_key,
)
from identity.tokens.signing_key import CACHE_LIFE, current_key, verifying_keys
from identity.tokens.signing_keys import SigningKeys
from tests.given.people import MovableClock
from tests.given.postgres import DatabaseOf
from tests.given.service_keys import ServiceKeys

SEALER = Sealer({"one": bytes(range(7, 39))})
MOMENT = timedelta(seconds=2)


class Replica:
    """An identity with its own cache of keys, at a time that all replicas share unless it has a clock of its own."""

    def __init__(self, database: Database, clock: MovableClock) -> None:
        self.clock = clock
        self.keys = SigningKeys(database, SEALER, clock)

    async def access_token(self) -> str:
        now = self.clock.now()
        access = AccessToken(uuid4(), uuid4(), uuid4(), now.replace(microsecond=0) + LIFE)
        return encode_access_token(current_key(await self.keys.keys(), now), uuid4(), access, now)

    async def internal_token(self) -> str:
        now = self.clock.now()
        access = AccessToken(uuid4(), uuid4(), uuid4(), now + LIFE)
        key = current_key(await self.keys.keys(), now)
        return internal_token(access, "orders", ["orders.read"], key=key, token_id=uuid4(), now=now).text

    async def accepts(self, token: str) -> bool:
        now = self.clock.now()
        try:
            decode_access_token(token, verifying_keys(await self.keys.keys(), now), now)
        except TokenInvalid:
            return False
        return True

    async def signing(self) -> str:
        return current_key(await self.keys.keys(), self.clock.now()).id

    async def published(self) -> set[str]:
        return set(public_keys(await get_json_web_key_set(self.keys, self.clock)))


@pytest.fixture
async def database(fresh_service_database: DatabaseOf) -> AsyncIterator[Database]:
    addresses = fresh_service_database("identity")
    opened = await Database.open(addresses.service, addresses.finder, service="identity")
    await SigningKeys(opened, SEALER, MovableClock()).make_first()
    yield opened
    await opened.close()


async def rotate(database: Database, clock: MovableClock, older_than: timedelta = timedelta(0)) -> str | None:
    async with database.directory() as tx:
        return await rotate_signing_key(tx, SEALER, clock, if_older_than=older_than)


async def test_the_next_key_is_known_to_all_before_it_signs_and_the_old_one_until_its_last_token_ended(
    database: Database,
) -> None:
    clock = MovableClock()
    late, replica = Replica(database, clock), Replica(database, clock)
    old = await late.signing()
    new = await rotate(database, clock)
    assert new is not None
    told, last = {}, ""
    for name, ahead in {
        "read before": timedelta(0),
        "every cache": CACHE_LIFE + MOMENT,
        "last before": AHEAD - MOMENT,
        "signs": AHEAD + MOMENT,
        "overlap": AHEAD + OVERLAP - MOMENT,
        "over": AHEAD + OVERLAP + CACHE_LIFE + MOMENT,
    }.items():
        clock.ahead = ahead
        told[name] = (await late.signing(), await late.published())
        if name == "last before":
            last = await replica.access_token()
        if name == "signs":
            clock.ahead = AHEAD - MOMENT + LIFE - timedelta(seconds=1)
            assert await replica.accepts(last)

    assert told == {
        "read before": (old, {old}),
        "every cache": (old, {old, new}),
        "last before": (old, {old, new}),
        "signs": (new, {old, new}),
        "overlap": (new, {old, new}),
        "over": (new, {new}),
    }


async def test_a_service_that_fetched_the_keys_meets_no_unknown_one(
    database: Database, service_keys: ServiceKeys
) -> None:
    """Its fetch is a cache's life old when the new key signs, and it fetches no more."""
    clock = MovableClock()
    replica, fetches = Replica(database, clock), 0

    async def fetch() -> str:
        nonlocal fetches
        fetches += 1
        return await get_json_web_key_set(replica.keys, clock)

    verifier = TokenVerifier(
        "orders", service_keys.public_keys_file, fetch, now=lambda: clock.now().timestamp(), monotonic=lambda: 0.0
    )
    await rotate(database, clock)
    clock.ahead = CACHE_LIFE + MOMENT
    tokens = [await replica.internal_token()]
    await verifier.verify(tokens[0])
    clock.ahead = AHEAD - MOMENT
    tokens.append(await replica.internal_token())
    clock.ahead = AHEAD + MOMENT
    tokens.append(await replica.internal_token())

    for token in tokens[1:]:
        assert (await verifier.verify(token)).permissions == {"orders.read"}
    assert fetches == 1


async def test_rotating_again_while_the_next_key_waits_makes_no_third(database: Database) -> None:
    clock = MovableClock()
    made = await asyncio.gather(*(rotate(database, clock) for _ in range(3)))

    assert len([key for key in made if key]) == 1
    assert len(await Replica(database, clock).published()) == 2


async def test_by_age_a_key_is_followed_when_its_time_is_up(database: Database) -> None:
    clock = MovableClock()
    clock.ahead = MOST_AGE - timedelta(minutes=1)
    early = await rotate(database, clock, MOST_AGE)
    clock.ahead = MOST_AGE
    assert early is None
    assert await rotate(database, clock, MOST_AGE)


async def test_the_job_rotates_by_age_and_deletes_keys_long_retired(database: Database) -> None:
    clock = MovableClock()
    async with database.directory() as tx:
        lease = await take(tx, "rotate_signing_key", "test")
    assert lease is not None
    replica, kept = Replica(database, clock), {}
    retired = MOST_AGE + AHEAD + OVERLAP
    for ahead in (timedelta(0), MOST_AGE, retired + KEPT_AFTER_RETIREMENT - MOMENT, retired + KEPT_AFTER_RETIREMENT):
        clock.ahead = ahead
        await rotate_by_age(database, SEALER, clock, lease)
        async with database.directory() as tx:
            kept[ahead] = (await tx.execute("SELECT FROM signing_keys")).rowcount

    assert list(kept.values()) == [1, 2, 2, 1]
    assert await replica.published() == {await replica.signing()}
    async with database.directory() as tx:
        await lease.give_back(tx)
    clock.ahead += MOST_AGE
    with pytest.raises(LeaseLost):
        await rotate_by_age(database, SEALER, clock, lease)
    assert len(await replica.published()) == 1


async def test_a_key_made_by_a_clock_that_was_ahead_holds_up_no_rotation(database: Database) -> None:
    """Trap 38. The one that signs retires as ever, and not when the wrong clock said."""
    right, wrong = MovableClock(), MovableClock()
    wrong.ahead = timedelta(days=4000)
    old, of_the_future = await Replica(database, right).signing(), await rotate(database, wrong)
    new = await rotate(database, right)
    right.ahead = AHEAD + OVERLAP + MOMENT

    assert await Replica(database, right).published() == {of_the_future, new}
    assert await Replica(database, right).signing() == new != old


async def test_a_clock_that_jumps_ahead_and_back_locks_nobody_out(
    database: Database, service_keys: ServiceKeys
) -> None:
    """Trap 38. Its tokens are of the future to others, who refuse them; back in time it signs as ever, also when it
    has rotated by the wrong clock."""
    right, wrong = MovableClock(), MovableClock()
    replica, jumping = Replica(database, right), Replica(database, wrong)
    old = await replica.signing()
    wrong.ahead = timedelta(days=40)
    of_the_future = await jumping.access_token()
    await rotate(database, wrong, MOST_AGE)
    assert not await replica.accepts(of_the_future)
    wrong.ahead = timedelta(0)
    token = await jumping.access_token()
    right.ahead = wrong.ahead = -timedelta(days=1)  # before the first key's time

    assert await jumping.signing() == old
    right.ahead = timedelta(0)
    assert await replica.accepts(token)
    internal = await jumping.internal_token()
    verifier = TokenVerifier("orders", service_keys.public_keys_file, lambda: get_json_web_key_set(replica.keys, right))
    with pytest.raises(NotAuthenticated, match="expired"):
        await verifier.verify(internal)
