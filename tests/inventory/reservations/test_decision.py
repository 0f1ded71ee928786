"""Decisions on one warehouse against a model that counts: whatever is asked in whatever order, both hold the same."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from chassis.errors import Refusal
from inventory.reservations.books import Books
from inventory.reservations.decision import decide
from inventory.reservations.demand import Owner
from inventory.reservations.wish import Again, Asker, Consume, Expire, Release, Want, WantedLine, Wish
from inventory.stock.level import Balance, Mover
from inventory.warehouses.warehouse import Warehouse
from tests.inventory.reservations.counting import Counting

MAIN = Warehouse(UUID(int=9), "MAIN", "Main", is_default=True, open=True, priority=1, create_time=datetime.now(UTC))
ASKER = Asker(Mover("user:1"), "test")
ITEMS = [UUID(int=1), UUID(int=2)]
LINES = {"a": ITEMS[0], "b": ITEMS[0], "c": ITEMS[1]}
ORDERS = [UUID(int=n) for n in range(21, 25)]
CALLERS = [UUID(int=n) for n in range(31, 33)]

wanted = st.dictionaries(st.sampled_from(sorted(LINES)), st.integers(0, 4), min_size=1)
some_left = st.dictionaries(st.sampled_from(sorted(LINES)), st.integers(0, 3))
left_or_back = st.dictionaries(st.sampled_from(sorted(LINES)), st.integers(-3, 3))


class Decisions(RuleBasedStateMachine):
    """The decisions of one endless batch, beside the model."""

    def __init__(self) -> None:
        super().__init__()
        self.books = Books((MAIN,), {(item, MAIN.id): Balance() for item in ITEMS})
        self.model = Counting()

    @rule(item=st.sampled_from(ITEMS), units=st.integers(1, 5))
    def units_come(self, item: UUID, units: int) -> None:
        self.books.levels[item, MAIN.id].on_hand += units
        self.model.shelf[item] += units

    @rule(
        order=st.sampled_from(ORDERS),
        step=st.integers(-1, 2),
        lines=wanted,
        left=left_or_back,
        cancelled=st.sampled_from([False, False, False, True]),
    )
    def an_order_wants(
        self, order: UUID, step: int, lines: dict[str, int], left: dict[str, int], cancelled: bool
    ) -> None:
        known = self.model.demands.get(order)
        version = max(1, (known.version if known else 0) + step)
        # What left is cumulative, and falls where a fulfilment is cancelled.
        fulfilled = {line: max(0, self.model.left[order, line] + left.get(line, 0)) for line in lines}
        want = Want(Owner.ORDERS, version, _lines(lines, fulfilled), cancelled)
        self._both(order, want, self.model.order(order, version, _of_items(lines), fulfilled, cancelled))

    @rule(caller=st.sampled_from(CALLERS), step=st.integers(0, 2), lines=wanted)
    def a_caller_wants(self, caller: UUID, step: int, lines: dict[str, int]) -> None:
        known = self.model.demands.get(caller)
        version = max(1, (known.version if known else 0) + step)
        self._both(
            caller, Want(Owner.API, version, _lines(lines, {})), self.model.call(caller, version, _of_items(lines))
        )

    @rule(demand=st.sampled_from([*CALLERS, ORDERS[0]]))
    def a_caller_releases(self, demand: UUID) -> None:
        self._both(demand, Release(), self.model.release(demand))

    @rule(demand=st.sampled_from([*CALLERS, ORDERS[0]]), lines=some_left)
    def a_caller_consumes(self, demand: UUID, lines: dict[str, int]) -> None:
        consumed = {line: units for line, units in lines.items() if units}
        self._both(demand, Consume(tuple(consumed.items())), self.model.consume(demand, consumed))

    @rule(demand=st.sampled_from(CALLERS))
    def time_is_up(self, demand: UUID) -> None:
        if demand in self.model.demands and not self.model.demands[demand].by_order:
            self.books.demands[demand] = replace(self.books.demands[demand], expire_time=self.books.now)
            self._both(demand, Expire(), self.model.release(demand))
            assert self.books.demands[demand].closed

    @precondition(lambda self: self.model.queue)
    @rule()
    def the_worker_serves(self) -> None:
        for demand in list(self.model.queue):
            decide(self.books, Wish(demand, Again(), ASKER))
            self.model.again(demand)
        self.model.check_that_nobody_waits_in_vain()

    def _both(self, demand: UUID, ask: Any, done: bool) -> None:
        before = self._all()
        outcome = decide(self.books, Wish(demand, ask, ASKER))
        assert isinstance(outcome, Refusal) is not done, outcome
        assert done or self._all() == before

    def _all(self) -> object:
        """Everything that a refusal must leave as it was."""
        books = self.books
        levels = [(balance.on_hand, balance.reserved) for balance in books.levels.values()]
        rows = [(row.quantity, row.consumed, row.released) for rows in books.reservations.values() for row in rows]
        waiting = {item: dict(waits) for item, waits in books.waiting.items()}
        return levels, rows, waiting, dict(books.demands), len(books.movements), len(books.made)

    @invariant()
    def both_hold_the_same(self) -> None:
        for item in ITEMS:
            balance = self.books.levels[item, MAIN.id]
            assert 0 <= balance.reserved <= balance.on_hand
            assert (balance.on_hand, balance.reserved) == (self.model.shelf[item], self.model.reserved(item))
        for id_, known in self.model.demands.items():
            demand = self.books.demands[id_]
            assert (demand.version, demand.closed) == (known.version, known.closed)
            lines = self.books.status(demand).lines
            assert {line.line_id for line in lines} == set(known.lines)
            for line in lines:
                assert (line.reserved, line.consumed) == (
                    self.model.held[id_, line.line_id],
                    self.model.left[id_, line.line_id],
                )
        waiting = {
            (id_, item): row.units for (item, _), rows in self.books.waiting.items() for id_, row in rows.items()
        }
        assert waiting == {
            (id_, item): units for id_, needs in self.model.queue.items() for item, units in needs.items()
        }

    @invariant()
    def the_ledger_adds_up(self) -> None:
        for item in ITEMS:
            moves = [move for move in self.books.movements if move.item_id == item]
            assert sum(move.reserved for move in moves) == self.books.levels[item, MAIN.id].reserved


def _lines(lines: dict[str, int], fulfilled: dict[str, int]) -> tuple[WantedLine, ...]:
    return tuple(
        WantedLine(line, LINES[line], units, ((None, fulfilled[line]),) if fulfilled.get(line) else ())
        for line, units in lines.items()
    )


def _of_items(lines: dict[str, int]) -> dict[str, tuple[UUID, int]]:
    return {line: (LINES[line], units) for line, units in lines.items()}


TestDecisions = Decisions.TestCase
TestDecisions.settings = settings(max_examples=250, stateful_step_count=30, deadline=None, report_multiple_bugs=False)
