"""A call with an idempotency key is carried out once, whoever repeats it and how often."""

import asyncio
import time
from uuid import UUID, uuid4

import psycopg
import pytest
from google.protobuf.wrappers_pb2 import StringValue

from chassis.database.pool import Database
from chassis.database.transaction import Transaction
from chassis.errors import (
    DeadlinePassed,
    IdempotencyKeyInFlight,
    IdempotencyKeyRequired,
    IdempotencyKeyReused,
    UnavailableForNow,
)
from chassis.rpc.context import Call, Caller
from tests.given.postgres import DatabaseOf


def call(
    key: str | None,
    organization: UUID | None,
    *,
    principal: str = "user:5",
    rpc: str = "rappit.test.v1.Test/Do",
    fingerprint: bytes = b"1",
    seconds: float = 5.0,
) -> Call:
    return Call(Caller(principal, organization), rpc, time.monotonic() + seconds, key, fingerprint)


class Effect:
    """Counts how often it was carried out; what it writes is a lane."""

    def __init__(self) -> None:
        self.times = 0

    async def __call__(self, tx: Transaction) -> StringValue:
        self.times += 1
        await tx.execute(
            "INSERT INTO lanes (organization_id, consumer, aggregate_id) VALUES (%s, 'once', gen_random_uuid()::text)",
            (tx.organization,),
        )
        return StringValue(value=f"answer {self.times}")


async def effects(database: Database, organization: UUID) -> int:
    async with database.transaction(organization) as tx:
        return (await tx.execute("SELECT FROM lanes WHERE consumer = 'once'")).rowcount


async def test_a_repeat_gets_the_first_answer_and_does_nothing(database: Database) -> None:
    effect, organization, key = Effect(), uuid4(), str(uuid4())

    answers = [await database.answer_once(call(key, organization), StringValue, effect) for _ in range(3)]

    assert [answer.value for answer in answers] == ["answer 1"] * 3
    assert await effects(database, organization) == effect.times == 1


async def test_the_same_key_five_times_at_once_is_carried_out_once(database: Database) -> None:
    effect, organization, key = Effect(), uuid4(), str(uuid4())

    answers = await asyncio.gather(
        *(database.answer_once(call(key, organization), StringValue, effect) for _ in range(5)), return_exceptions=True
    )

    assert await effects(database, organization) == 1
    done = [answer for answer in answers if isinstance(answer, StringValue)]
    refused = [answer for answer in answers if isinstance(answer, IdempotencyKeyInFlight)]
    assert {answer.value for answer in done} == {"answer 1"}
    assert len(done) + len(refused) == 5


async def test_a_second_call_is_told_that_the_first_is_under_way_and_does_not_wait(database: Database) -> None:
    organization, key = uuid4(), str(uuid4())
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def slow(tx: Transaction) -> StringValue:
        begun.set()
        await may_end.wait()
        return StringValue(value="slow")

    first = asyncio.create_task(database.answer_once(call(key, organization), StringValue, slow))
    await begun.wait()
    with pytest.raises(IdempotencyKeyInFlight):
        await database.answer_once(call(key, organization), StringValue, Effect())
    may_end.set()

    assert (await first).value == "slow"


async def test_of_two_at_once_again_and_again_one_is_carried_out(database: Database) -> None:
    organization, key = uuid4(), str(uuid4())
    effect = Effect()

    for _ in range(30):
        answers = await asyncio.gather(
            *(database.answer_once(call(key, organization), StringValue, effect) for _ in range(2)),
            return_exceptions=True,
        )
        assert all(isinstance(answer, StringValue | IdempotencyKeyInFlight) for answer in answers)
        key = str(uuid4())

    assert await effects(database, organization) == effect.times == 30


async def test_a_key_is_not_for_another_request(database: Database) -> None:
    organization, key = uuid4(), str(uuid4())
    await database.answer_once(call(key, organization), StringValue, Effect())

    with pytest.raises(IdempotencyKeyReused):
        await database.answer_once(call(key, organization, fingerprint=b"2"), StringValue, Effect())
    assert await effects(database, organization) == 1


async def test_the_same_key_of_another_organization_person_or_rpc_is_another_key(database: Database) -> None:
    organization, key = uuid4(), str(uuid4())
    calls = [
        call(key, organization),
        call(key, uuid4()),
        call(key, organization, principal="user:6"),
        call(key, organization, rpc="rappit.test.v1.Test/Undo"),
    ]

    for each in calls:
        effect = Effect()
        await database.answer_once(each, StringValue, effect)
        assert effect.times == 1


async def test_what_was_refused_or_failed_is_not_stored(database: Database) -> None:
    organization, key = uuid4(), str(uuid4())

    async def refuse(tx: Transaction) -> StringValue:
        await Effect()(tx)
        raise InterruptedError

    with pytest.raises(InterruptedError):
        await database.answer_once(call(key, organization), StringValue, refuse)
    answer = await database.answer_once(call(key, organization), StringValue, Effect())

    assert answer.value == "answer 1"
    assert await effects(database, organization) == 1


async def test_a_call_without_organization_is_kept_under_the_one_that_it_makes(database: Database) -> None:
    key, new, effect = str(uuid4()), uuid4(), Effect()

    for _ in range(2):
        await database.answer_once(call(key, None), StringValue, effect, organization=new)

    assert await effects(database, new) == 1


async def test_without_a_key_nothing_is_done(database: Database) -> None:
    with pytest.raises(IdempotencyKeyRequired):
        await database.answer_once(call(None, uuid4()), StringValue, Effect())


@pytest.mark.parametrize("error", [psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected])
async def test_a_lost_race_is_run_again(error: type[psycopg.Error], database: Database) -> None:
    organization, effect = uuid4(), Effect()

    async def lose_twice(tx: Transaction) -> StringValue:
        answer = await effect(tx)
        if effect.times < 3:
            raise error
        return answer

    answer = await database.answer_once(call(str(uuid4()), organization), StringValue, lose_twice)

    assert answer.value == "answer 3"
    assert await effects(database, organization) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT pg_terminate_backend(pg_backend_pid())",
        "SET LOCAL statement_timeout = '10ms'; SELECT pg_sleep(1)",
    ],
)
async def test_a_database_that_gives_up_is_unavailable_for_now(statement: str, database: Database) -> None:
    async def effect(tx: Transaction) -> StringValue:
        await tx.execute(statement.encode())
        return StringValue()

    with pytest.raises(UnavailableForNow):
        await database.answer_once(call(str(uuid4()), uuid4()), StringValue, effect)
    with pytest.raises(UnavailableForNow):
        await database.read(call(None, uuid4()), effect)


async def test_when_every_connection_is_taken_the_call_waits_no_longer_than_its_deadline(
    service_database: DatabaseOf,
) -> None:
    addresses = service_database("chassis")
    database = await Database.open(addresses.service, addresses.finder, service="chassis", size=1)
    try:
        async with database.directory():
            with pytest.raises(UnavailableForNow):
                await database.answer_once(call("k", uuid4(), seconds=0.1), StringValue, Effect())
        with pytest.raises(DeadlinePassed):
            await database.answer_once(call("k", uuid4(), seconds=-1), StringValue, Effect())
    finally:
        await database.close()


async def test_reading_cannot_write(database: Database) -> None:
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        await database.read(call(None, uuid4()), Effect())
