from uuid import UUID

from laptop.proof.ledger_sums import LedgerSums, Look, Place, Units

SHELVES = [Place(UUID(int=1), UUID(int=item), UUID(int=9)) for item in range(3)]


def test_what_was_added_up_before_is_not_read_again_but_for_one_level_in_turn() -> None:
    sums = LedgerSums()
    assert sums.positions() == {}
    first = [Look(place, Units(10, 2), 5, Units(10, 2)) for place in SHELVES]
    assert sums.unequal(first) == 0
    turns = []
    for _ in SHELVES:
        known = sums.positions()
        assert set(known.values()) == {5}
        (anew,) = set(SHELVES) - set(known)
        turns.append(anew)
        moved = [Look(place, Units(10, 2), 5, Units(10, 2) if place == anew else Units()) for place in SHELVES]
        assert sums.unequal(moved) == 0
    assert turns == SHELVES


def test_a_level_that_its_ledger_does_not_explain_is_counted_until_it_is_right_again() -> None:
    sums = LedgerSums()
    shelf = SHELVES[0]
    assert sums.unequal([Look(shelf, Units(10, 2), 2, Units(10, 1))]) == 1
    sums.positions()
    assert sums.unequal([Look(shelf, Units(10, 2), 2, Units(10, 1))]) == 1
    sums.positions()
    assert sums.unequal([Look(shelf, Units(10, 2), 3, Units(10, 2))]) == 0
    assert sums.unequal([Look(shelf, Units(12, 2, 1, 1), 4, Units(2, 0, 1, 1))]) == 0


def test_a_level_of_which_nothing_moved_is_empty() -> None:
    assert LedgerSums().unequal([Look(SHELVES[0], Units(), 0, Units()), Look(SHELVES[1], Units(1), 0, Units())]) == 1
