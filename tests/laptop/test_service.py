from pathlib import Path

import pytest

from laptop.program import CannotStart
from laptop.service import why_it_ended
from laptop.waiting import wait_until
from tests.laptop.conftest import MakeShop


def test_it_is_started_when_it_says_that_it_is_ready(make_shop: MakeShop) -> None:
    shop = make_shop()
    shop.start()
    assert shop.program.is_running()
    shop.stop()
    assert "stopped" in shop.program.last_lines()[-1]
    assert shop.program.exit_status == 0


def test_one_that_ends_instead_is_a_failed_start_with_its_own_words(make_shop: MakeShop) -> None:
    shop = make_shop("first", refuses="the ledger does not balance")
    with pytest.raises(CannotStart) as refused:
        shop.start()
    assert str(refused.value) == (
        f"first did not start: cannot serve: the ledger does not balance\n  its log: {shop.program.log}"
    )


def test_a_failed_migration_is_a_failed_start(make_shop: MakeShop) -> None:
    make_shop("first").migrate()
    with pytest.raises(CannotStart, match="second migrate did not start: cannot serve: no such table"):
        make_shop("second", refuses="no such table").migrate()


@pytest.mark.parametrize(
    ("printed", "reason"),
    [
        ("", "ended with 3 and said nothing"),
        ("settings are refused:\n  RAPPIT_KAFKA is missing\n", "settings are refused: RAPPIT_KAFKA is missing"),
        (
            '{"event": "up"}\n{"event": "part failed", "exception": "Traceback\\nKeyError: 1"}\n',
            "part failed: KeyError: 1",
        ),
        ("Traceback (most recent call last):\n  File x\n    y\n    z\nValueError: no\n", "ValueError: no"),
    ],
)
def test_the_reason_is_the_end_of_the_log_in_few_words(
    make_shop: MakeShop, tmp_path: Path, printed: str, reason: str
) -> None:
    program = make_shop(refuses="why").program
    program.start()
    assert wait_until(lambda: not program.is_running(), 10)
    program.log.write_text(printed)
    assert why_it_ended(program) == reason
