"""Whose units are taken back: those nobody works on before the others, the youngest first."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from inventory.reservations.demand import Reservation
from inventory.reservations.taking_back import Held, claimed_of, take_units

held = st.lists(st.tuples(st.integers(1, 5), st.integers(0, 5)), max_size=5)


def reservation(n: int, units: int, consumed: int = 0) -> Reservation:
    return Reservation(n, UUID(int=n), "1", UUID(int=0), UUID(int=0), units, consumed)


@given(held, st.integers(0, 20))
def test_no_unit_that_is_worked_on_goes_before_one_that_is_not(rows: list[tuple[int, int]], units: int) -> None:
    """Trap 44."""
    before = [Held(reservation(n, rest), min(rest, claimed)) for n, (rest, claimed) in enumerate(rows)]
    free = sum(each.row.rest - each.claimed for each in before)
    rests = [each.row.rest for each in before]
    taken = take_units(before, units)

    assert (
        sum(back for _, back in taken) == min(units, sum(rests)) == sum(rests) - sum(each.row.rest for each in before)
    )
    lost_claimed = sum(max(0, each.claimed - each.row.rest) for each in before)
    assert lost_claimed == max(0, min(units, sum(rests)) - free)
    # In their order: who comes later loses unclaimed units only when all before it have none left.
    kept = [max(0, each.row.rest - each.claimed) for each in before]
    first_kept = next((n for n, spare in enumerate(kept) if spare), len(kept))
    assert all(each.row.rest == rest for each, rest in list(zip(before, rests, strict=True))[first_kept + 1 :])


def test_what_left_is_no_longer_worked_on() -> None:
    assert claimed_of(reservation(1, 5, consumed=2), claimed=3) == 1
    assert claimed_of(reservation(1, 5, consumed=2), claimed=1) == 0
    assert claimed_of(reservation(1, 5), claimed=9) == 5
