"""Events of orders that inventory gave up."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeAlias
from uuid import UUID

import pytest

from chassis.messaging.inbox import received, set_aside
from tests.given.stock import Ordered, Stockroom

Park: TypeAlias = Callable[[Stockroom, Ordered], Awaitable[UUID]]


@pytest.fixture
def park() -> Park:
    """Gives an event up; the event's id."""

    async def park_event(room: Stockroom, ordered: Ordered) -> UUID:
        async with room.database.transaction(room.organization) as tx:
            message = room.message(tx, ordered)
            await set_aside(
                tx,
                "inventory",
                received(message.event),
                state="PARKED",
                tries=10,
                failure="ItemNotFound",
                pause=timedelta(),
            )
        return message.id

    return park_event
