"""A call with an idempotency key is carried out once, whoever repeats it and how often."""

import asyncio
import time
from uuid import UUID, uuid4

import pytest
from google.protobuf.wrappers_pb2 import StringValue

from chassis.database.pool import Database
from chassis.database.transaction import Transaction
from chassis.errors import (
    DeadlinePassed,
    IdempotencyKeyInFlight,
    IdempotencyKeyRequired,
    IdempotencyKeyReused,
    Refusal,
    UnavailableForNow,
)
from chassis.rpc.context import Call, Caller


def call(key: str | None, organization: UUID, *, seconds: float = 5.0, fingerprint: bytes = b"1") -> Call:
    caller = Caller("user:5", organization)
    return Call(caller, "rappit.test.v1.Test/Do", time.monotonic() + seconds, key, fingerprint)


class Effect:
    """Counts how often it was carried out."""

    def __init__(self) -> None:
        self.times = 0

    async def __call__(self, tx: Transaction) -> StringValue:
        self.times += 1
        return StringValue(value=f"answer {self.times}")


async def test_a_repeat_gets_the_first_answer_and_does_nothing(database: Database) -> None:
    effect, organization, key = Effect(), uuid4(), str(uuid4())

    answers = [await database.answer_once(call(key, organization), StringValue, effect) for _ in range(3)]

    assert [answer.value for answer in answers] == ["answer 1"] * 3
    assert effect.times == 1
