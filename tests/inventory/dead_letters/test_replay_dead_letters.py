"""ReplayDeadLetters."""

from uuid import uuid4

from inventory.reservations.demand import State
from rappit.inventory.v1.dead_letters_pb2 import ReplayDeadLettersRequest
from tests.given.stock import Ordered, Stockroom, line
from tests.inventory.conftest import Person
from tests.inventory.dead_letters.conftest import Park


async def test_each_is_replayed_whatever_comes_of_the_others(person: Person, room: Stockroom, park: Park) -> None:
    """Trap 13."""
    mug, order = await room.item(units=3), room.clock.new_id()
    wrong = await park(room, Ordered(room.clock.new_id(), 1, [line(uuid4(), 1)]))
    right = await park(room, Ordered(order, 1, [line(mug, 2)]))
    answer = await person.call(person.dead_letters.ReplayDeadLetters, ReplayDeadLettersRequest(consumer="inventory"))

    assert [(each.id.event_id, each.done) for each in answer.results] == [(str(wrong), False), (str(right), True)]
    assert (await room.demand(order)).state is State.RESERVED
