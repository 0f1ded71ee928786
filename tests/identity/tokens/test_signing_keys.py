"""The signing keys in the database."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from chassis.database.pool import Database
from chassis.sealing import CannotOpen, Sealer
from identity.tokens.signing_key import CACHE_LIFE
from identity.tokens.signing_keys import SigningKeys
from tests.given.people import MovableClock
from tests.given.postgres import DatabaseOf

SEALER = Sealer({"one": bytes(range(7, 39))})


@pytest.fixture
async def database(fresh_service_database: DatabaseOf) -> AsyncIterator[Database]:
    addresses = fresh_service_database("identity")
    opened = await Database.open(addresses.service, addresses.finder, service="identity")
    yield opened
    await opened.close()


async def test_replicas_that_start_at_once_make_one_key_between_them(database: Database) -> None:
    replicas = [SigningKeys(database, SEALER, MovableClock()) for _ in range(5)]
    await asyncio.gather(*(replica.make_first() for replica in replicas))
    ids = {tuple(key.id for key in await replica.keys()) for replica in replicas}

    assert len(ids) == 1
    assert len(ids.pop()) == 1


async def test_a_later_start_keeps_the_key_that_is_there(database: Database) -> None:
    first, later = (SigningKeys(database, SEALER, MovableClock()) for _ in range(2))
    await first.make_first()
    await later.make_first()

    assert [key.id for key in await later.keys()] == [key.id for key in await first.keys()]


async def test_the_private_half_is_sealed_for_its_own_row(database: Database) -> None:
    keys = SigningKeys(database, SEALER, MovableClock())
    await keys.make_first()
    (key,) = await keys.keys()
    async with database.directory() as tx:
        row = await (await tx.execute("SELECT * FROM signing_keys", binary=True)).fetchone()

    assert row is not None
    assert row.public_key == key.private_key.public_key().public_bytes_raw()
    assert key.private_key.private_bytes_raw() not in row.sealed_private_key
    assert SEALER.open(row.sealed_private_key, f"signing key {key.id}") == key.private_key.private_bytes_raw()
    with pytest.raises(CannotOpen):
        SEALER.open(row.sealed_private_key, "signing key another")


async def test_a_key_that_was_added_is_known_to_all_when_the_cache_has_run_out(database: Database) -> None:
    clock = MovableClock()
    keys = SigningKeys(database, SEALER, clock)
    await keys.make_first()
    (first,) = await keys.keys()
    async with database.directory() as tx:
        await tx.execute(
            "INSERT INTO signing_keys SELECT 'next', public_key, %s, sign_time + interval '1 hour' FROM signing_keys",
            (SEALER.seal(first.private_key.private_bytes_raw(), "signing key next"),),
        )

    assert {key.id for key in await keys.keys()} == {first.id}
    clock.ahead = CACHE_LIFE
    assert {key.id for key in await keys.keys()} == {first.id, "next"}


async def test_keys_that_are_known_serve_while_the_database_is_away(database: Database) -> None:
    keys = SigningKeys(database, SEALER, MovableClock())
    await keys.make_first()
    known = await keys.keys()
    await database.close()

    assert await keys.keys() == known
