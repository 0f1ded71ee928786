"""Whether a day went well, by what was seen of it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from laptop.day.sample import Sample

# Of what the stores would sell on a machine that is fast enough.
_LEAST_SOLD = 0.9
# Each store packs its oldest order when it has more open than this; what is on its way comes on top.
_MOST_ON_THE_WAY = 100
_MOST_SHORT = 60
_MOST_GROWTH = 1.25


@dataclass(frozen=True)
class Day:
    """What was seen: samples from the first to the last, the latter after all was quiet; `decided`, milliseconds until
    an order was reserved with the second of the day at which it was; deliveries that nobody took.
    """

    orders_per_second: float
    open_orders: int
    samples: Sequence[Sample]
    decided: Sequence[tuple[float, int]]
    given_up: int
    proof_faults: frozenset[str]


def checks(day: Day) -> list[tuple[bool, str]]:
    """Each thing that must hold: whether it does, and the figures."""
    first, last = day.samples[0], day.samples[-1]
    seconds = last.seconds
    sold = (last.orders - first.orders) / seconds
    late = [milliseconds for second, milliseconds in day.decided if second > 0.9 * seconds]
    early = [milliseconds for second, milliseconds in day.decided if second < 0.5 * seconds]
    most_open = max(sample.open for sample in day.samples)
    most_short = max(sample.short for sample in day.samples)
    stock = [sample.on_hand for sample in day.samples]
    quarter = len(day.samples) // 4 or 1
    memory = [max(part.simulator_bytes for part in day.samples[start:][:quarter]) for start in (quarter, -quarter)]
    expected = day.orders_per_second * 0.1 * seconds
    return [
        (
            sold >= _LEAST_SOLD * day.orders_per_second,
            f"{last.orders - first.orders:,} orders, {sold:.1f} a second; {day.orders_per_second:.1f} were meant",
        ),
        (
            len(late) > 0.7 * expected,
            f"{len(late):,} reserved in the last tenth, half of them in {_middle(late)} ms; {_middle(early)} at first",
        ),
        (not day.proof_faults, f"what must never be: {', '.join(sorted(day.proof_faults)) or 'nothing of it'}"),
        (most_open <= day.open_orders + _MOST_ON_THE_WAY, f"at most {most_open} orders were open at once"),
        (most_short <= _MOST_SHORT, f"at most {most_short} orders were SHORT at once"),
        (
            0.5 * stock[0] < min(stock) <= max(stock) < 1.5 * stock[0],
            f"{min(stock):,} to {max(stock):,} units on hand, {stock[0]:,} at first",
        ),
        (last.waiting == last.parked == 0, f"{last.waiting} messages wait at the end, {last.parked} are dead letters"),
        (day.given_up == 0, f"{day.given_up} deliveries were taken by nobody"),
        (
            memory[1] < _MOST_GROWTH * memory[0],
            f"the simulator has {memory[1] / 2**20:.0f} MiB, {memory[0] / 2**20:.0f} after a quarter of the day",
        ),
    ]


def _middle(milliseconds: Sequence[int]) -> str:
    return f"{median(milliseconds):.0f}" if milliseconds else "no"
