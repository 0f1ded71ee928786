from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
import redis.asyncio

from chassis.errors import UnavailableForNow
from gateway.rates import counts as module
from gateway.rates.counts import AWAY_SECONDS, NoCounts, OwnCounts, RefusedCounts, SharedCounts, window
from laptop.ports import free_port
from tests.gateway.rates.resp_server import PASSWORD, resp_server
from tests.given import containers
from tests.given.log_lines import LogLines
from tests.given.run import Run

KEY = [window("account:sara", 60, 1_000.0)]


def test_a_window_lasts_its_time_and_then_another_begins() -> None:
    first = window("account:sara", 60, 1_000.0)
    last = window("account:sara", 60, 1_000.0 + first.ends_in - 0.001)
    after = window("account:sara", 60, 1_000.0 + first.ends_in)

    assert 0 < first.ends_in <= 60
    assert first.key == last.key != after.key
    assert after.ends_in == pytest.approx(60)


def test_windows_of_different_keys_do_not_begin_together() -> None:
    assert len({round(window(f"account:{number}", 60, 1_000.0).ends_in) for number in range(200)}) > 30


async def test_counts_of_a_replica_are_bounded_and_the_oldest_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_KEYS", 2)
    counts = OwnCounts()
    keys = [window(name, 60, 1_000.0) for name in "abc"]

    assert await counts.add([keys[0], keys[1], keys[1], keys[2]]) == [1, 1, 2, 1]
    assert await counts.add([keys[1], keys[0]]) == [3, 1]


@pytest.fixture
async def store_url(this_run: Run) -> AsyncIterator[str]:
    """The small store, or Valkey where containers are asked for."""
    if containers.are_asked_for():
        made = this_run.once("valkey", lambda: {"port": containers.start_valkey(this_run, PASSWORD)})
        yield f"valkey://:{PASSWORD}@127.0.0.1:{made['port']}"
    else:
        async with resp_server() as store:
            yield store.url


async def test_replicas_count_together_in_one_store(store_url: str) -> None:
    name = f"account:{uuid4()}"
    keys = [window(name, 60, 1_000.0), window(f"{name} of another", 60, 1_000.0)]
    first, second = SharedCounts(store_url, RefusedCounts()), SharedCounts(store_url, RefusedCounts())
    sums = [await each.add(keys) for each in (first, second, first)]
    async with redis.asyncio.from_url(store_url.replace("valkey", "redis", 1)) as store:
        seconds = [await store.ttl(f"rappit:rate:{each.key}") for each in keys]
    for each in (first, second):
        await each.close()

    assert sums == [[1, 1], [2, 2], [3, 3]]
    assert [55 < each <= 60 for each in seconds] == [True, True]


@pytest.mark.parametrize(("otherwise", "sums"), [(OwnCounts, [1, 2, 3]), (NoCounts, [0, 0, 0])])
async def test_while_the_store_is_down_the_setting_decides(
    otherwise: type[OwnCounts | NoCounts], sums: list[int], log_lines: LogLines
) -> None:
    """Trap 8."""
    counts = SharedCounts(f"valkey://127.0.0.1:{free_port()}", otherwise())
    found = [(await counts.add(KEY))[0] for _ in range(3)]
    await counts.close()

    assert found == sums
    assert len(log_lines.of("rate limit store is away")) == 1


async def test_while_the_store_is_down_nothing_is_answered_where_that_is_set() -> None:
    """Trap 8."""
    counts = SharedCounts(f"valkey://127.0.0.1:{free_port()}", RefusedCounts())

    with pytest.raises(UnavailableForNow):
        await counts.add(KEY)
    await counts.close()


async def test_a_store_that_is_silent_is_left_alone_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trap 8. Not every request waits for it."""
    now = 1_000.0
    monkeypatch.setattr(module, "ASK_SECONDS", 0.05)
    async with resp_server() as store:
        counts = SharedCounts(store.url, NoCounts(), now=lambda: now)
        await counts.add(KEY)
        store.silent = True
        assert await counts.add(KEY) == [0]
        store.silent = False
        assert await counts.add(KEY) == [0]

        now += AWAY_SECONDS
        assert await counts.add(KEY) == [2]
        await counts.close()
    assert store.asked == 2
