"""How a day is judged, by what was seen of it."""

from dataclasses import replace
from typing import Any

import pytest

from laptop.day.judge import Day, checks, pace
from laptop.day.sample import Sample

MIB = 2**20
WELL = Day(
    orders_per_second=25.0,
    open_orders=120,
    samples=[
        Sample(
            seconds=15.0 * n,
            orders=300 * n,
            open=125,
            short=4,
            on_hand=3_500 + 10 * (n % 7),
            reserved=450,
            waiting=0 if n == 40 else 3,
            parked=0,
            simulator_bytes=80 * MIB,
        )
        for n in range(41)
    ],
    decided=[(second / 20, 60) for second in range(12_000)],
    given_up=0,
    proof_faults=frozenset(),
    looked_for=48_000,
    undecided=0,
)


def broken(day: Day) -> list[str]:
    """What does not hold, in words."""
    return [words for holds, words in checks(day) if not holds]


def of(number: int, **other: Any) -> Day:
    """The day with one sample that is other."""
    samples = list(WELL.samples)
    samples[number] = replace(samples[number], **other)
    return replace(WELL, samples=samples)


def test_a_day_that_went_well_is_told_with_its_figures() -> None:
    assert broken(WELL) == []
    assert pace(WELL) == "12,000 orders in 600 s: 20.0 a second, 25.0 were meant"
    assert checks(WELL)[0][1] == "1,199 of 12,000 reserved in the last tenth, in 60 ms, 60 ms at first"


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (replace(WELL, decided=WELL.decided[:11_000]), "199 of 11,000 reserved in the last tenth"),
        (replace(WELL, proof_faults=frozenset({"reserved twice"})), "reserved twice"),
        (replace(WELL, undecided=1), "1 more were not"),
        (replace(WELL, looked_for=0), "0 deliveries were answered"),
        (of(20, open=221), "at most 221 orders were open"),
        (of(20, short=61), "at most 61 orders were SHORT"),
        (of(20, on_hand=5_300), "3,500 to 5,300 units"),
        (of(40, waiting=1), "1 messages wait at the end"),
        (of(40, parked=1), "1 are dead letters"),
        (replace(WELL, given_up=13), "13 deliveries were taken by nobody"),
        (of(39, simulator_bytes=101 * MIB), "has 101 MiB, 80 after"),
    ],
)
def test_whatever_went_wrong_is_named(day: Day, words: str) -> None:
    (wrong,) = broken(day)
    assert words in wrong
