"""DiscardDeadLetter."""

from rappit.inventory.v1.dead_letters_pb2 import DiscardDeadLetterRequest
from tests.given.refusals import refused
from tests.given.stock import Ordered, Stockroom
from tests.inventory.conftest import Person
from tests.inventory.dead_letters.conftest import Park


async def test_who_and_why_are_kept(person: Person, stranger: Person, room: Stockroom, park: Park) -> None:
    """Trap 2."""
    event_id = await park(room, Ordered(room.clock.new_id(), 1))
    request = DiscardDeadLetterRequest(consumer="inventory", event_id=str(event_id), reason="a drill")
    with refused("DEAD_LETTER_NOT_FOUND"):
        await stranger.call(stranger.dead_letters.DiscardDeadLetter, request)
    await person.call(person.dead_letters.DiscardDeadLetter, request)

    (row,) = await room.rows("SELECT state, discarded_by, discard_reason FROM inbox")
    assert tuple(row) == ("DONE", f"user:{person.user}", "a drill")
