"""Edits and snapshots meet in any order: a line ends as its edit and the greatest snapshot have it."""

from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from orders.mappings.items import Items, KnownSku
from orders.orders.difference import begin, merge
from orders.orders.edit import AddLine, LineChange, SetQuantity, SwapSku, edited
from orders.orders.line import both
from orders.orders.order import Order
from orders.orders.snapshot import Snapshot
from tests.given.snapshots import TIME, said, snapshot

IDS = ("1", "2", "3")
UNITS = st.integers(0, 4)
LINES = st.dictionaries(st.sampled_from(IDS), UNITS)
ITEMS = Items([KnownSku(f"SKU-{name}", uuid4(), by_hand=False) for name in (*IDS, "other", "added")])


def stage(number: int, lines: dict[str, int]) -> Snapshot:
    return snapshot(number, lines=tuple(said(name, units) for name, units in sorted(lines.items())))


def ended(order: Order) -> dict[str, tuple[int, str, bool]]:
    """How each line ended of which something is wanted; a line's own id plays no part."""
    return {
        line.said.external_id.partition(":")[0]: (line.wanted, line.sku, line.item_id is not None)
        for line in order.lines
        if line.wanted
    }


def applied(order: Order, snapshots: list[Snapshot]) -> Order:
    for each in snapshots:
        if order.snapshot.rank < each.rank:
            order, _ = merge(order, each, ITEMS, uuid4)
    return order


@given(
    first=st.fixed_dictionaries({"1": UNITS, "2": st.integers(1, 4)}, optional={"3": UNITS}),
    later=st.lists(LINES, max_size=3),
    arrival=st.randoms(use_true_random=False),
    units=UNITS,
)
def test_any_order_of_snapshots_after_an_edit_ends_the_same(
    first: dict[str, int], later: list[dict[str, int]], arrival: object, units: int
) -> None:
    """Traps 12 and 16: and as the last snapshot alone would have it."""
    order, _ = begin(stage(0, first), None, ITEMS, uuid4, TIME)
    ids = {line.said.external_id: line.id for line in order.lines}
    changes: list[LineChange] = [
        SetQuantity(ids["1"], units),
        SwapSku(ids["2"], "SKU-other"),
        AddLine("SKU-added", 2, ""),
    ]
    order, _ = edited(order, changes, "", ITEMS, uuid4)
    stages = [stage(number, lines) for number, lines in enumerate(later, start=1)]
    shuffled = list(stages)
    arrival.shuffle(shuffled)  # type: ignore[attr-defined]

    found = ended(applied(order, [*shuffled, *shuffled]))

    last = later[-1] if later else first
    expected = {
        "1": (both(first["1"], units, last.get("1", 0)), "SKU-1", True),
        "2": (last.get("2", 0), "SKU-other", True),
        "3": (last.get("3", 0), "SKU-3", True),
        "here": (2, "SKU-added", True),
    }
    assert found == {name: end for name, end in expected.items() if end[0]}
