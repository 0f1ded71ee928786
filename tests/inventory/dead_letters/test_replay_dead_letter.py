"""ReplayDeadLetter."""

from typing import Any
from uuid import uuid4

from inventory.reservations.demand import State
from inventory.stock.level import Balance
from rappit.inventory.v1.dead_letters_pb2 import ReplayDeadLetterRequest
from rappit.types.v1.dead_letter_pb2 import DeadLetterResult
from tests.given.refusals import refused
from tests.given.stock import Ordered, Stockroom, line
from tests.inventory.conftest import Person
from tests.inventory.dead_letters.conftest import Park


async def replay(person: Person, event_id: object, consumer: str = "inventory", **more: Any) -> DeadLetterResult:
    request = ReplayDeadLetterRequest(consumer=consumer, event_id=str(event_id), **more)
    result: DeadLetterResult = (await person.call(person.dead_letters.ReplayDeadLetter, request)).result
    return result


async def test_a_dry_run_shows_the_change_and_a_replay_makes_it(person: Person, room: Stockroom, park: Park) -> None:
    """Trap 13."""
    mug, order = await room.item(units=3), room.clock.new_id()
    event_id = await park(room, Ordered(order, 1, [line(mug, 2, "a")]))
    shown = await replay(person, event_id, dry_run=True)
    assert await room.balance(mug) == Balance(on_hand=3)
    made = await replay(person, event_id)

    assert shown == made
    assert list(made.changes) == [
        "the order is RESERVED",
        "line a: 2 wanted, 2 reserved, 0 left",
        f"tells others: demand_reserved of {order}",
    ]
    assert (await room.demand(order)).state is State.RESERVED
    with refused("DEAD_LETTER_NOT_FOUND"):
        await replay(person, event_id)


async def test_what_fails_again_stays_with_the_new_failure(person: Person, room: Stockroom, park: Park) -> None:
    event_id = await park(room, Ordered(room.clock.new_id(), 1, [line(uuid4(), 2)]))
    result = await replay(person, event_id)

    assert (result.done, list(result.changes)) == (False, [])
    assert "there is no such item" in result.failure
    assert [row.state for row in await room.rows("SELECT state FROM inbox")] == ["PARKED"]


async def test_what_is_not_there_or_not_ours_is_not_found(
    person: Person, stranger: Person, room: Stockroom, park: Park
) -> None:
    """Trap 2."""
    event_id = await park(room, Ordered(room.clock.new_id(), 1))
    for who, letter, consumer in (
        (stranger, event_id, "inventory"),
        (person, uuid4(), "inventory"),
        (person, event_id, "x"),
    ):
        with refused("DEAD_LETTER_NOT_FOUND"):
            await replay(who, letter, consumer)
