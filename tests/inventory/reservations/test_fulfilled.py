"""What left and what came back, by what the store says and what the books have."""

from uuid import UUID

import pytest

from inventory.reservations.demand import Reservation
from inventory.reservations.fulfilled import fulfilled
from inventory.reservations.wish import WantedLine

MUG, POT, MAIN, FAR, ORDER = (UUID(int=n) for n in range(1, 6))
NOWHERE = None


@pytest.mark.parametrize(
    ("taken", "said", "leaves", "back"),
    [
        ({}, {NOWHERE: 2}, {NOWHERE: 2}, {}),
        ({MAIN: 2}, {NOWHERE: 2}, {}, {}),
        ({MAIN: 2}, {NOWHERE: 3}, {NOWHERE: 1}, {}),
        ({MAIN: 2}, {}, {}, {MAIN: 2}),
        ({MAIN: 2, FAR: 1}, {NOWHERE: 2}, {}, {FAR: 1}),
        ({MAIN: 2}, {MAIN: 1}, {}, {MAIN: 1}),
        # The store first does not say where from, and later does: what was guessed is put right.
        ({MAIN: 2}, {MAIN: 2}, {}, {}),
        ({MAIN: 2}, {FAR: 2}, {FAR: 2}, {MAIN: 2}),
        ({MAIN: 2}, {FAR: 1, NOWHERE: 1}, {FAR: 1}, {MAIN: 1}),
    ],
)
def test_the_books_are_brought_to_what_is_said(
    taken: dict[UUID, int], said: dict[UUID | None, int], leaves: dict[UUID | None, int], back: dict[UUID, int]
) -> None:
    rows = [
        Reservation(n, ORDER, "1", MUG, place, units, consumed=units) for n, (place, units) in enumerate(taken.items())
    ]
    other = Reservation(9, ORDER, "2", MUG, MAIN, 5, consumed=5)
    found = fulfilled(WantedLine("1", MUG, 3, tuple(said.items())), [*rows, other])

    assert {each.warehouse_id: each.units for each in found.leaving} == leaves
    assert {each.row.warehouse_id: each.units for each in found.back} == back


def test_what_left_last_comes_back_first_and_as_the_item_that_it_was() -> None:
    before = Reservation(1, ORDER, "1", POT, MAIN, 2, consumed=2)
    after = Reservation(2, ORDER, "1", MUG, MAIN, 2, consumed=1)
    found = fulfilled(WantedLine("1", MUG, 3, ((None, 1),)), [before, after])

    assert found.leaving == ()
    assert [(each.row, each.units) for each in found.back] == [(after, 1), (before, 1)]
