"""Steps of histories that nobody would think of: what orders and callers want, and what becomes of the shelf."""

from dataclasses import dataclass

from hypothesis import strategies as st

from inventory.warehouses.sourcing import Rule

ITEMS, ORDERS, CALLERS = 3, 4, 2
LINES = {"a": 0, "b": 0, "c": 1, "d": 2}
WITHOUT = 2  # in the place of a warehouse: the store did not say

line_names = st.sampled_from(sorted(LINES))
places = st.integers(0, 1)
wanted = st.dictionaries(line_names, st.integers(0, 4), min_size=1)
left = st.dictionaries(line_names, st.tuples(st.integers(0, WITHOUT), st.integers(-2, 3)), max_size=2)


@dataclass(frozen=True)
class OrderWants:
    """An order's event."""

    order: int
    step: int
    lines: dict[str, int]
    left: dict[str, tuple[int, int]]
    cancelled: bool = False
    claimed: int = 0


@dataclass(frozen=True)
class CallerWants:
    """ReserveStock."""

    caller: int
    step: int
    lines: dict[str, int]


@dataclass(frozen=True)
class CallerReleases:
    """ReleaseStock."""

    caller: int


@dataclass(frozen=True)
class CallerConsumes:
    """ConsumeStock."""

    caller: int


@dataclass(frozen=True)
class Adjusts:
    """AdjustStock."""

    item: int
    place: int
    delta: int


@dataclass(frozen=True)
class Counts:
    """SetCount."""

    item: int
    place: int
    units: int


@dataclass(frozen=True)
class Damages:
    """ChangeCondition, there or `back`."""

    item: int
    place: int
    units: int
    back: bool


@dataclass(frozen=True)
class Turns:
    """OpenWarehouse or CloseWarehouse."""

    place: int
    is_open: bool


@dataclass(frozen=True)
class Chooses:
    """SetSourcing."""

    rule: Rule
    take_partly: bool


@dataclass(frozen=True)
class Serves:
    """The worker serves those who wait."""


wishes = st.one_of(
    st.builds(
        OrderWants,
        st.integers(0, ORDERS - 1),
        st.integers(-1, 2),
        wanted,
        left,
        st.sampled_from([False, False, False, True]),
        st.integers(0, 1),
    ),
    st.builds(CallerWants, st.integers(0, CALLERS - 1), st.integers(0, 2), wanted),
    st.builds(CallerReleases, st.integers(0, CALLERS - 1)),
    st.builds(CallerConsumes, st.integers(0, CALLERS - 1)),
)
steps = st.one_of(
    st.lists(wishes, min_size=1, max_size=5),
    st.builds(Adjusts, st.integers(0, ITEMS - 1), places, st.integers(-3, 6).filter(bool)),
    st.builds(Counts, st.integers(0, ITEMS - 1), places, st.integers(0, 6)),
    st.builds(Damages, st.integers(0, ITEMS - 1), places, st.integers(1, 4), st.booleans()),
    st.builds(Turns, places, st.booleans()),
    st.builds(Chooses, st.sampled_from(Rule), st.booleans()),
    st.just(Serves()),
)
histories = st.lists(steps, min_size=3, max_size=12)
