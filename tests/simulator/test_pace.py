"""So many orders each minute."""

import asyncio
from collections import Counter
from dataclasses import dataclass
from random import Random

from simulator.pace import Pace


@dataclass
class Outlet:
    name: str
    rate_per_minute: float


def paced(*outlets: Outlet) -> tuple[Pace[Outlet], Counter[str]]:
    sold: Counter[str] = Counter()
    return Pace(outlets, lambda outlet: sold.update([outlet.name]), Random(3)), sold


def test_each_outlet_sells_at_its_own_rate() -> None:
    pace, sold = paced(Outlet("slow", 12), Outlet("fast", 300), Outlet("closed", 0))
    for _ in range(5 * 60 * 10):  # ten minutes
        pace.turn(0.2)

    assert abs(sold["slow"] - 120) <= 6
    assert abs(sold["fast"] - 3000) <= 60
    assert sold["closed"] == 0


def test_the_first_order_comes_at_once_and_the_next_in_its_time() -> None:
    pace, sold = paced(Outlet("riyadh", 12))
    pace.turn(0)
    assert sold["riyadh"] == 1
    pace.turn(2.4)
    assert sold["riyadh"] == 1
    pace.turn(5.2)
    assert sold["riyadh"] == 2


def test_a_rate_that_is_changed_counts_from_then_on() -> None:
    outlet = Outlet("riyadh", 600)
    pace, sold = paced(outlet)
    pace.turn(60)
    outlet.rate_per_minute = 0
    before = sold["riyadh"]
    pace.turn(60)

    assert before > 500
    assert sold["riyadh"] == before


async def test_it_runs_until_it_is_told_to_stop_and_a_machine_that_slept_is_not_flooded() -> None:
    sold: Counter[str] = Counter()
    times = iter([0.0, 0.2, 8 * 3600.0, 8 * 3600.2])
    ticks = 0

    async def pause(_seconds: float) -> None:
        nonlocal ticks
        ticks += 1
        if ticks == 3:
            await pace.stop()

    pace = Pace(
        [Outlet("riyadh", 60)],
        lambda outlet: sold.update([outlet.name]),
        Random(3),
        now=lambda: next(times),
        pause=pause,
    )
    await asyncio.wait_for(pace.run(), 5)

    assert ticks == 3
    assert 1 <= sold["riyadh"] <= 6


async def test_nothing_is_sold_while_what_was_sold_waits_to_be_told_and_it_is_not_made_up_for() -> None:
    sold: Counter[str] = Counter()
    times = iter(range(6))
    behind = iter([True] * 4 + [False])
    sold_by_then: list[int] = []

    async def pause(_seconds: float) -> None:
        sold_by_then.append(sold["riyadh"])
        if sold["riyadh"]:
            await pace.stop()

    pace = Pace(
        [Outlet("riyadh", 60)],
        lambda outlet: sold.update([outlet.name]),
        Random(3),
        is_behind=lambda: next(behind),
        now=lambda: float(next(times)),
        pause=pause,
    )
    await asyncio.wait_for(pace.run(), 5)

    assert sold_by_then == [0, 0, 0, 0, 1]


async def test_a_beat_that_fails_ends_it() -> None:
    def fails(_outlet: Outlet) -> None:
        raise OSError("no space left on device")

    async def pause(_seconds: float) -> None:
        raise AssertionError("it went on")

    pace = Pace([Outlet("riyadh", 60)], fails, Random(3), pause=pause)
    try:
        await pace.run()
    except OSError:
        return
    raise AssertionError("the failure was swallowed")
