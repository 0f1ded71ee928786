"""Keys that are fetched: seldom, and kept while their owner is away."""

import asyncio
from functools import partial

import pytest

from chassis.errors import UnavailableForNow
from chassis.fetched_keys import REFRESH_SECONDS, SECONDS_BETWEEN_FETCHES, FetchedKeys
from chassis.keys import key_set, new_private_key, private_key, public_jwk
from tests.given.waiting import until


class Signer:
    """Gives out its keys, unless it is away."""

    def __init__(self, *key_ids: str) -> None:
        self.key_ids = list(key_ids)
        self.asked = 0
        self.away = False
        self.time = 1000.0
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.keys = FetchedKeys("identity", self.fetch, monotonic=lambda: self.time)

    def was_asked(self, times: int) -> bool:
        return self.asked >= times

    async def fetch(self) -> str:
        self.asked += 1
        await self.may_answer.wait()
        if self.away:
            raise OSError("away")
        return key_set(public_jwk(key_id, private_key(new_private_key())) for key_id in self.key_ids)


async def test_keys_are_fetched_once() -> None:
    signer = Signer("a", "b")
    found = [await signer.keys.key(key_id) for key_id in "abab"]

    assert all(found)
    assert signer.asked == 1


async def test_many_who_need_them_at_once_fetch_them_once() -> None:
    signer = Signer("a")
    signer.may_answer.clear()
    asking = [asyncio.ensure_future(signer.keys.key("a")) for _ in range(10)]
    await until(lambda: signer.asked)
    asking[0].cancel()
    signer.may_answer.set()
    found = await asyncio.gather(*asking[1:])

    assert all(found)
    assert signer.asked == 1


async def test_an_unknown_key_id_asks_again_but_not_each_time() -> None:
    signer = Signer("a")
    await signer.keys.key("a")
    signer.key_ids.append("b")
    unknown = [await signer.keys.key("b") for _ in range(100)]
    signer.time += SECONDS_BETWEEN_FETCHES
    found = await signer.keys.key("b")

    assert not any(unknown)
    assert found is not None
    assert signer.asked == 2


async def test_with_its_owner_away_the_keys_that_are_there_go_on_serving() -> None:
    signer = Signer("a")
    first = await signer.keys.key("a")
    signer.away = True
    for asked in range(2, 6):
        signer.time += REFRESH_SECONDS + 1
        assert await signer.keys.key("a") is first
        await until(partial(signer.was_asked, asked))
    with pytest.raises(UnavailableForNow):
        await signer.keys.key("b")


async def test_keys_that_were_never_had_are_unavailable_and_not_unknown() -> None:
    signer = Signer("a")
    signer.away = True
    for _ in range(3):
        with pytest.raises(UnavailableForNow):
            await signer.keys.key("a")
    assert signer.asked == 1
    signer.away = False
    signer.time += SECONDS_BETWEEN_FETCHES

    assert await signer.keys.key("a")


async def test_a_retired_key_is_forgotten() -> None:
    signer = Signer("a", "b")
    await signer.keys.key("a")
    signer.key_ids = ["b"]
    signer.time += REFRESH_SECONDS + 1
    await signer.keys.key("a")
    await until(lambda: signer.asked == 2)
    signer.time += SECONDS_BETWEEN_FETCHES

    assert await signer.keys.key("a") is None
