"""How much one transaction takes on."""

from uuid import UUID

import pytest

from inventory.reservations.batch import MOST_DEMANDS, MOST_LINES, first_batch


@pytest.mark.parametrize(
    ("lines", "taken"),
    [
        ([], 0),
        ([1] * (MOST_DEMANDS + 1), MOST_DEMANDS),
        ([MOST_LINES - 500, 500, 1], 2),
        ([500, MOST_LINES], 1),
        # More than any transaction is meant for, and yet it must be done some time: alone.
        ([MOST_LINES + 1, 1], 1),
    ],
)
def test_a_transaction_takes_the_first_until_it_has_enough(lines: list[int], taken: int) -> None:
    demands = [(UUID(int=n), count) for n, count in enumerate(lines)]

    assert first_batch(demands) == [demand_id for demand_id, _ in demands[:taken]]
