"""Why is this number 47?"""

from datetime import UTC, datetime
from typing import Any

from laptop.tries.explanation import Names, explanation
from rappit_client.inventory import LedgerEntry, Level, MovementKind

ORDER = "0192f0c0-0000-7000-8000-000000000002"
SARA = "user:0192f0c0-0000-7000-8000-000000000001"
NAMES = Names(orders={ORDER: "order #1047 of Riyadh"}, people={SARA: "Sara"})
TIME = datetime(2026, 11, 2, 11, 0, 7, tzinfo=UTC)


def moved(kind: str, cause: str, **fields: Any) -> LedgerEntry:
    """One movement."""
    by_order = cause.startswith("order")
    who: dict[str, Any] = {"demand_id": ORDER, "actor": "service:orders"} if by_order else {"actor": SARA}
    entry = LedgerEntry(kind=MovementKind.Value(f"MOVEMENT_KIND_{kind}"), cause=cause, **who, **fields)
    entry.time.FromDatetime(TIME)
    return entry


OPENING = moved("ADJUSTED", "OPENING", on_hand_delta=50)
RESERVED = moved("RESERVED", f"order {ORDER} version 1: MAIN is the first with all 2", reserved_delta=2)
BROKEN = moved("CONDITION_CHANGED", "SELLABLE to DAMAGED", damaged_delta=1, note="fell from the shelf")
LATEST_FIRST = [BROKEN, RESERVED, OPENING]
LEVEL = Level(warehouse_code="MAIN", on_hand=50, reserved=2, damaged=1, available=47)


def test_each_step_says_what_it_changed_and_why_and_ends_at_the_level() -> None:
    lines, adds_up = explanation(LEVEL, LATEST_FIRST, NAMES, 20)
    assert adds_up
    time = f"{TIME.astimezone():%H:%M:%S}"
    assert [" ".join(line.split()) for line in lines] == [
        "MAIN: on hand 50, reserved 2, damaged 1, quarantined 0, available 47",
        "time on hand reserved damaged available because",
        f"{time} 50 (+50) 0 0 50 opening, by Sara",
        f"{time} 50 2 (+2) 0 48 order #1047 of Riyadh: MAIN is the first with all 2",
        f'{time} 50 2 1 (+1) 47 sellable to damaged, by Sara, "fell from the shelf"',
        "47 available: that is why",
    ]
    assert len({line.index(word) for line, word in zip(lines[1:4], ("available", "50  o", "48  o"), strict=True)}) == 2


def test_what_is_long_ago_is_one_line() -> None:
    lines, adds_up = explanation(LEVEL, LATEST_FIRST, NAMES, 1)
    assert adds_up
    assert " ".join(lines[2].split()) == "earlier 50 2 0 48 2 steps: adjusted 1 times, reserved 1 times"
    assert len(lines) == 5


def test_steps_that_do_not_add_up_are_said() -> None:
    lines, adds_up = explanation(LEVEL, LATEST_FIRST[1:], NAMES, 20)
    assert not adds_up
    assert lines[-1] == "  47 available: the steps do NOT add up to it"


def test_who_is_not_known_by_name_is_named_by_id() -> None:
    lines, _ = explanation(LEVEL, LATEST_FIRST, Names({}, {}), 20)
    assert f"demand {ORDER}: MAIN is the first" in lines[3]
    assert f"opening, by {SARA}" in lines[2]
