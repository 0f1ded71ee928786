"""Whether a day went well, by what was seen of it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from laptop.day.sample import Sample

# Each store packs its oldest order when it has more open than it may; what is on its way comes on top.
_MOST_ON_THE_WAY = 100
_MOST_SHORT = 60
_MOST_GROWTH = 1.25
# Of a tenth of all. What chance takes is less; a world that came to rest has none.
_LEAST_IN_THE_LAST_TENTH = 0.7
# Of all orders. A machine that is too busy answers now and then too late, and WooCommerce does not try again.
_MOST_GIVEN_UP = 0.001


@dataclass(frozen=True)
class Day:
    """What was seen: samples from the first to the last, the latter after all was quiet; `decided`, milliseconds until
    an order was reserved with the second of the day at which it was; deliveries that nobody took; `looked_for`, those
    that were taken and are there or missing; `undecided`, those that were taken and of which neither is known.
    """

    orders_per_second: float
    open_orders: int
    samples: Sequence[Sample]
    decided: Sequence[tuple[float, int]]
    given_up: int
    proof_faults: frozenset[str]
    looked_for: int
    undecided: int


def checks(day: Day) -> list[tuple[bool, str]]:
    """Each thing that must hold: whether it does, and the figures."""
    last, decided = day.samples[-1], len(day.decided)
    late = [milliseconds for second, milliseconds in day.decided if second > 0.9 * last.seconds]
    early = [milliseconds for second, milliseconds in day.decided if second < 0.5 * last.seconds]
    most_open = max(sample.open for sample in day.samples)
    most_short = max(sample.short for sample in day.samples)
    stock = [sample.on_hand for sample in day.samples]
    quarter = len(day.samples) // 4 or 1
    memory = [max(part.simulator_bytes for part in day.samples[start:][:quarter]) for start in (quarter, -quarter)]
    return [
        (
            len(late) > _LEAST_IN_THE_LAST_TENTH * 0.1 * decided,
            f"{len(late):,} of {decided:,} reserved in the last tenth, in {_middle(late)}, {_middle(early)} at first",
        ),
        (not day.proof_faults, f"what must never be: {', '.join(sorted(day.proof_faults)) or 'nothing of it'}"),
        (
            day.looked_for > day.undecided == 0,
            f"{day.looked_for:,} deliveries were answered 200 and looked for, {day.undecided:,} more were not",
        ),
        (most_open <= day.open_orders + _MOST_ON_THE_WAY, f"at most {most_open} orders were open at once"),
        (most_short <= _MOST_SHORT, f"at most {most_short} orders were SHORT at once"),
        (
            0.5 * stock[0] < min(stock) <= max(stock) < 1.5 * stock[0],
            f"{min(stock):,} to {max(stock):,} units on hand, {stock[0]:,} at first",
        ),
        (last.waiting == last.parked == 0, f"{last.waiting} messages wait at the end, {last.parked} are dead letters"),
        (day.given_up <= _MOST_GIVEN_UP * last.orders, f"{day.given_up} deliveries were taken by nobody"),
        (
            memory[1] < _MOST_GROWTH * memory[0],
            f"the simulator has {memory[1] / 2**20:.0f} MiB, {memory[0] / 2**20:.0f} after a quarter of the day",
        ),
    ]


def pace(day: Day) -> str:
    """How much was sold. That is the machine's doing, and no check: on a slow one stores sell less."""
    last = day.samples[-1]
    sold = last.orders / last.seconds
    return (
        f"{last.orders:,} orders in {last.seconds:.0f} s: {sold:.1f} a second, {day.orders_per_second:.1f} were meant"
    )


def _middle(milliseconds: Sequence[int]) -> str:
    return f"{median(milliseconds):.0f} ms" if milliseconds else "no time"
