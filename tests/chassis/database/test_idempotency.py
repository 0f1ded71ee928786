"""Keys of a batch: group commit asks for all of them at once."""

from uuid import UUID, uuid4

from chassis.database.idempotency import Key, claim_many, store_many
from chassis.database.pool import Database
from chassis.errors import IdempotencyKeyInFlight, IdempotencyKeyReused


def key(organization: UUID, name: str, fingerprint: bytes = b"1") -> Key:
    return Key(organization, "user:5", "rappit.test.v1.Test/Do", name, fingerprint)


async def test_a_batch_knows_new_keys_answered_ones_and_those_of_other_requests(database: Database) -> None:
    organization = uuid4()
    async with database.transaction(organization) as tx:
        assert await claim_many(tx, [key(organization, "a"), key(organization, "b")]) == [None, None]
        await store_many(tx, [(key(organization, "a"), b"A"), (key(organization, "b"), b"")])

    async with database.transaction(organization) as tx:
        keys = [key(organization, "a"), key(organization, "new"), key(organization, "b", b"2")]
        known, new, other = await claim_many(tx, keys)

    assert known == b"A"
    assert new is None
    assert isinstance(other, IdempotencyKeyReused)


async def test_a_key_twice_in_a_batch_is_in_flight_the_second_time(database: Database) -> None:
    """PostgreSQL grants an advisory lock twice to one transaction."""
    organization = uuid4()
    async with database.transaction(organization) as tx:
        first, second, other = await claim_many(
            tx, [key(organization, "a"), key(organization, "a"), key(organization, "b")]
        )

    assert first is None
    assert isinstance(second, IdempotencyKeyInFlight)
    assert other is None


async def test_a_key_in_flight_elsewhere_holds_up_no_other_of_the_batch(database: Database) -> None:
    organization = uuid4()
    async with database.transaction(organization) as tx, database.transaction(organization) as other:
        await claim_many(other, [key(organization, "busy")])

        busy, free = await claim_many(tx, [key(organization, "busy"), key(organization, "free")])

    assert isinstance(busy, IdempotencyKeyInFlight)
    assert free is None


async def test_an_empty_batch_asks_nothing(database: Database) -> None:
    async with database.transaction(uuid4()) as tx:
        assert await claim_many(tx, []) == []
        await store_many(tx, [])
