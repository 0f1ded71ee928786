"""DiscardDeadLetters."""

from rappit.inventory.v1.dead_letters_pb2 import DiscardDeadLettersRequest
from tests.given.stock import Ordered, Stockroom
from tests.inventory.conftest import Person
from tests.inventory.dead_letters.conftest import Park


async def test_all_of_the_organisation_are_discarded_and_nobody_elses(
    person: Person, stranger: Person, room: Stockroom, park: Park
) -> None:
    """Trap 2."""
    parked = [await park(room, Ordered(room.clock.new_id(), 1)) for _ in range(2)]
    request = DiscardDeadLettersRequest(reason="a drill")
    theirs = await stranger.call(stranger.dead_letters.DiscardDeadLetters, request)
    ours = await person.call(person.dead_letters.DiscardDeadLetters, request)

    assert not theirs.results
    assert [(each.id.event_id, each.done) for each in ours.results] == [(str(each), True) for each in parked]
    assert {row.state for row in await room.rows("SELECT state FROM inbox")} == {"DONE"}
