"""The check with which a launch ends."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from laptop.tries.books import RESERVED, SHORT, Books
from laptop.tries.check import Finding
from laptop.tries.launch import check_launch
from rappit_client.inventory import LedgerEntry, MovementKind
from rappit_client.orders import Order

KIND = MovementKind.MOVEMENT_KIND_RESERVED


def entry(order: str) -> LedgerEntry:
    return LedgerEntry(kind=KIND, reserved_delta=1, demand_id=order)


LUCKY = [Order(id=f"{n}", name=f"#T{n}", fulfillment_status=RESERVED) for n in range(2)]
SHORT_ONES = [Order(id=f"{n}", name=f"#T{n}", fulfillment_status=SHORT, short_reason="too few") for n in range(2, 5)]
ORDERS = [*LUCKY, *SHORT_ONES]
BOOKS = Books(on_hand=2, reserved=2, available=0, entries=(entry("0"), entry("1")))


def check(
    orders: Sequence[Order] = ORDERS,
    books: Books = BOOKS,
    statuses: Sequence[int] = (200,) * 5,
    found: Sequence[Finding] = (),
) -> bool:
    return check_launch(orders, books, statuses, units=2, buyers=5, found=found)


def test_it_holds_when_each_unit_went_to_one_order_and_the_others_know_why(capsys: pytest.CaptureFixture[str]) -> None:
    assert check()
    assert "FAILS" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("says", "fault"),
    [
        ("killed while 0 of 5", {"found": [(False, "killed while 0 of 5 orders were undecided")]}),
        ("every delivery was answered 200", {"statuses": (200, 200, 200, 200, 503)}),
        ("one order for each of 5 deliveries", {"orders": ORDERS[:4]}),
        ("one order for each of 5 deliveries", {"orders": [*ORDERS, ORDERS[0]]}),
        ("units reserved: 2 by the orders, 3 by the levels", {"books": replace(BOOKS, reserved=3)}),
        ("units reserved: 2 by the orders, 2 by the levels, 1", {"books": replace(BOOKS, entries=(entry("0"),))}),
        ("units reserved twice: 1", {"books": replace(BOOKS, entries=(entry("0"), entry("0")))}),
        ("units reserved twice: 0", {"books": replace(BOOKS, entries=(entry("0"), entry("4")))}),
        ("3 told why they have none", {"orders": [*ORDERS[:4], Order(id="4", name="#T4", fulfillment_status=SHORT)]}),
    ],
)
def test_each_way_in_which_it_can_fail_is_said(
    says: str, fault: dict[str, object], capsys: pytest.CaptureFixture[str]
) -> None:
    assert not check(**fault)  # type: ignore[arg-type]
    failed = [line for line in capsys.readouterr().out.splitlines() if "FAILS" in line]
    assert any(f"FAILS  {says}" in line for line in failed), failed
