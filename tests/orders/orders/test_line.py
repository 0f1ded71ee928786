"""A line: the store's units with those that were decided here."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.orders.line import both

UNITS = st.integers(0, 50)


@pytest.mark.parametrize(
    ("base", "here", "store", "wanted"),
    [
        (2, 1, 2, 1),  # fewer here
        (2, 1, 1, 1),  # fewer here, and the same in the store: once
        (2, 1, 0, 0),  # fewer here, and none in the store
        (2, 1, 5, 4),  # fewer here, more in the store
        (2, 3, 2, 3),  # more here
        (2, 3, 3, 3),  # more here, and the same in the store: once
        (2, 3, 5, 5),  # more here, and still more in the store
        (2, 3, 0, 1),  # more here; the store took off all that it had sold
        (0, 2, 0, 2),  # added here
        (2, 0, 2, 0),  # removed here
        (2, 0, 3, 1),  # removed here; the store sold one more
    ],
)
def test_what_both_did_is_done_once_and_what_one_did_as_well(base: int, here: int, store: int, wanted: int) -> None:
    """Trap 16."""
    assert both(base, here, store) == wanted


@given(UNITS, UNITS, UNITS)
def test_neither_side_has_the_last_word(base: int, here: int, store: int) -> None:
    assert both(base, here, store) == both(base, store, here)


@given(UNITS, UNITS, UNITS)
def test_units_are_never_fewer_than_none_nor_more_than_both_added(base: int, here: int, store: int) -> None:
    assert 0 <= both(base, here, store) <= base + max(0, here - base) + max(0, store - base)


@given(UNITS, UNITS)
def test_a_side_that_changed_nothing_changes_nothing(base: int, units: int) -> None:
    assert both(base, base, units) == units == both(base, units, base)


@given(UNITS, UNITS)
def test_the_same_change_on_both_sides_is_one(base: int, units: int) -> None:
    assert both(base, units, units) == units
