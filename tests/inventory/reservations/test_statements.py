"""A batch costs a number of statements that does not depend on what is in it."""

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

import pytest

from inventory.reservations.waiting.serve_waiting import serve_some
from tests.given.statements import statements
from tests.given.stock import Ordered, Stockroom, line

Story = Callable[[Stockroom, Sequence[UUID], Sequence[UUID]], Awaitable[None]]


async def new_orders(room: Stockroom, orders: Sequence[UUID], items: Sequence[UUID]) -> None:
    await room.hear(*(Ordered(order, 1, [line(item, 1, str(item)) for item in items]) for order in orders))


async def more_of_it(room: Stockroom, orders: Sequence[UUID], items: Sequence[UUID]) -> None:
    await room.hear(*(Ordered(order, 2, [line(item, 2, str(item)) for item in items]) for order in orders))


async def too_much_of_it(room: Stockroom, orders: Sequence[UUID], items: Sequence[UUID]) -> None:
    await room.hear(*(Ordered(order, 3, [line(item, 5000, str(item)) for item in items]) for order in orders))


async def left_and_cancelled(room: Stockroom, orders: Sequence[UUID], items: Sequence[UUID]) -> None:
    lines = [line(item, 5, str(item), left={room.main: 4}) for item in items]
    await room.hear(*(Ordered(order, 4, lines, cancelled=True) for order in orders))


@pytest.mark.parametrize(
    ("story", "most"), [(new_orders, 9), (more_of_it, 14), (too_much_of_it, 15), (left_and_cancelled, 18)]
)
async def test_thirty_orders_cost_as_many_statements_as_two(room: Stockroom, story: Story, most: int) -> None:
    stories: list[Story] = [new_orders, more_of_it, too_much_of_it, left_and_cancelled]
    costs: list[list[str]] = []
    for size in (2, 30):
        items = [await room.item(units=500) for _ in range(max(2, size // 5))]
        orders = [room.clock.new_id() for _ in range(size)]
        for before in stories[: stories.index(story)]:
            await before(room, orders, items)
        with statements() as seen:
            await story(room, orders, items)
        costs.append(seen)
    await room.check_books()

    two, thirty = costs
    assert len(two) == len(thirty) <= most, "\n".join(thirty)


async def test_serving_thirty_costs_as_many_statements_as_two(room: Stockroom) -> None:
    costs: list[list[str]] = []
    for size in (2, 30):
        mug = await room.item()
        await new_orders(room, [room.clock.new_id() for _ in range(size)], [mug])
        await room.adjust(mug, size)
        with statements() as seen:
            async with room.database.transaction(room.organization) as tx:
                await serve_some(tx, room.clock)
        costs.append(seen)

    two, thirty = costs
    assert len(two) == len(thirty) <= 20, "\n".join(thirty)
