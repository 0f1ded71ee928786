"""Which warehouse serves which line, against a model that has no cases."""

from collections import Counter
from collections.abc import Mapping, Sequence
from uuid import UUID

from hypothesis import example, given
from hypothesis import strategies as st

from inventory.reservations.allocation import How, Missing, allocate
from inventory.reservations.demand import ANYWHERE
from inventory.warehouses.sourcing import Rule

ITEMS = [UUID(int=n) for n in range(1, 4)]
PLACES = [UUID(int=n) for n in range(101, 105)]

Shelves = Mapping[UUID, Sequence[tuple[UUID, int]]]

units_of_shelf = st.lists(st.integers(0, 6), min_size=0, max_size=len(PLACES))
shelves_of_items = st.fixed_dictionaries(
    {item: units_of_shelf.map(lambda units: list(zip(PLACES, units, strict=False))) for item in ITEMS}
)
lines = st.lists(st.tuples(st.sampled_from(ITEMS), st.integers(1, 8)), min_size=1, max_size=6).map(
    lambda pairs: [Missing(str(n), item, units) for n, (item, units) in enumerate(pairs)]
)
spoken = st.dictionaries(st.sampled_from(ITEMS), st.integers(0, 5))


def model(missing: list[Missing], shelves: Shelves, spoken_for: Mapping[UUID, int], whole: bool) -> Counter[object]:
    """(line, warehouse) -> units: unit by unit, from a list with one entry for each unit on a shelf."""
    needed = Counter({item: sum(lack.units for lack in missing if lack.item_id == item) for item in ITEMS})
    there = {item: [place for place, units in shelf for _ in range(units)] for item, shelf in shelves.items()}
    short = {item for item in ITEMS if needed[item] and needed[item] > len(there[item]) - spoken_for.get(item, 0)}
    taken: Counter[object] = Counter()
    for lack in missing:
        if lack.item_id in short or (whole and short):
            continue
        shelf = there[lack.item_id]
        whole_here = [place for place in PLACES if shelf.count(place) >= lack.units]
        for _ in range(lack.units):
            place = whole_here[0] if whole_here else shelf[0]
            shelf.remove(place)
            taken[lack.line_id, place] += 1
    return taken


@given(lines, shelves_of_items, spoken, st.booleans())
@example([Missing("1", ITEMS[0], 2), Missing("2", ITEMS[0], 2)], {ITEMS[0]: [(PLACES[0], 3)]}, {}, False)
def test_each_line_is_served_from_where_the_model_serves_it(
    missing: list[Missing], shelves: Shelves, spoken_for: Mapping[UUID, int], whole: bool
) -> None:
    """Trap 21."""
    shelves = {item: shelves.get(item, []) for item in ITEMS}
    allocation = allocate(missing, shelves, spoken_for, whole=whole)

    taken = Counter({(take.line_id, take.warehouse_id): take.units for take in allocation.takes})
    assert taken == model(missing, shelves, spoken_for, whole)
    assert all(take.units > 0 for take in allocation.takes)


@given(lines, shelves_of_items, spoken)
def test_what_is_short_says_how_much_is_wanted_and_free(
    missing: list[Missing], shelves: Shelves, spoken_for: Mapping[UUID, int]
) -> None:
    short = allocate(missing, shelves, spoken_for, whole=True).short

    for item, lack in short.items():
        there = sum(units for _, units in shelves[item])
        assert lack.missing == sum(each.units for each in missing if each.item_id == item)
        assert lack.free == max(0, there - spoken_for.get(item, 0)) < lack.missing


def test_a_line_is_split_only_where_no_warehouse_has_all_of_it() -> None:
    near, far = PLACES[:2]
    whole = allocate([Missing("1", ITEMS[0], 3)], {ITEMS[0]: [(near, 2), (far, 3)]}, {}, whole=True)
    split = allocate([Missing("1", ITEMS[0], 4)], {ITEMS[0]: [(near, 2), (far, 3)]}, {}, whole=True)

    had = ((near, 2), (far, 3))
    assert [take[2:] for take in whole.takes] == [(far, 3, How.WHOLE_LINE, had[:1])]
    assert [take[2:] for take in split.takes] == [(near, 2, How.SPLIT_LINE, had), (far, 2, How.SPLIT_LINE, had)]


@given(lines, shelves_of_items, spoken, st.booleans())
def test_all_lines_come_from_the_first_warehouse_that_has_them_all_else_line_by_line(
    missing: list[Missing], shelves: Shelves, spoken_for: Mapping[UUID, int], whole: bool
) -> None:
    shelves = {item: shelves.get(item, []) for item in ITEMS}
    by_line = allocate(missing, shelves, spoken_for, whole=whole)
    from_one = allocate(missing, shelves, spoken_for, whole=whole, rule=Rule.WHOLE_FROM_ONE)

    assert from_one.short == by_line.short
    served = {take.line_id for take in by_line.takes}
    needed = Counter[UUID]()
    for lack in missing:
        needed[lack.item_id] += lack.units if lack.line_id in served else 0
    have_all = [
        place for place in PLACES if all(dict(shelves[item]).get(place, 0) >= units for item, units in needed.items())
    ]
    if served and have_all:
        assert {(take.line_id, take.warehouse_id) for take in from_one.takes} == {
            (each, have_all[0]) for each in served
        }
    else:
        assert from_one.takes == by_line.takes


@given(lines, shelves_of_items, spoken)
@example(
    [Missing("1", ITEMS[0], 1), Missing("2", ITEMS[1], 1)],
    {ITEMS[0]: [(PLACES[0], 1), (PLACES[1], 0)], ITEMS[1]: [(PLACES[0], 0), (PLACES[1], 1)]},
    {},
)
def test_only_from_one_is_the_first_with_all_or_nothing(
    missing: list[Missing], shelves: Shelves, spoken_for: Mapping[UUID, int]
) -> None:
    """And nothing that is there already is waited for, or who waits would be woken without end."""
    shelves = {item: [(place, dict(shelves.get(item, [])).get(place, 0)) for place in PLACES] for item in ITEMS}
    needed = Counter({item: sum(lack.units for lack in missing if lack.item_id == item) for item in ITEMS})
    there = {item: dict(shelf) for item, shelf in shelves.items()}
    enough = all(
        sum(there[item].values()) - spoken_for.get(item, 0) >= units for item, units in needed.items() if units
    )
    whole = [place for place in PLACES if all(there[item][place] >= units for item, units in needed.items())]
    allocation = allocate(missing, shelves, spoken_for, whole=True, rule=Rule.ONLY_FROM_ONE)

    if enough and whole:
        assert {(take.line_id, take.warehouse_id, take.units) for take in allocation.takes} == {
            (lack.line_id, whole[0], lack.units) for lack in missing
        }
        return
    assert not allocation.takes
    assert allocation.waits_for
    for (item, place), units in allocation.waits_for.items():
        free = sum(there[item].values()) - spoken_for.get(item, 0) if place == ANYWHERE else there[item][place]
        assert units == needed[item] > free
    if enough:
        assert {place for _, place in allocation.waits_for} == set(PLACES)
