"""ListDeadLetters."""

from rappit.inventory.v1.dead_letters_pb2 import ListDeadLettersRequest, ListDeadLettersResponse
from tests.given.stock import Ordered, Stockroom, line
from tests.inventory.conftest import Person
from tests.inventory.dead_letters.conftest import Park


async def listed(person: Person, token: str = "", consumer: str = "") -> ListDeadLettersResponse:
    request = ListDeadLettersRequest(page_size=1, page_token=token, consumer=consumer)
    answer: ListDeadLettersResponse = await person.call(person.dead_letters.ListDeadLetters, request)
    return answer


async def test_they_say_why_over_pages(person: Person, stranger: Person, room: Stockroom, park: Park) -> None:
    """Trap 2."""
    mug = await room.item()
    parked = [await park(room, Ordered(room.clock.new_id(), 1, [line(mug, 1)])) for _ in range(2)]
    first = await listed(person)
    second = await listed(person, first.next_page_token)

    (letter,) = first.dead_letters
    assert (letter.consumer, letter.failure, letter.tries) == ("inventory", "ItemNotFound", 10)
    assert letter.type == "rappit.orders.v1.OrderEvent"
    assert [each.dead_letters[0].event_id for each in (first, second)] == [str(each) for each in parked]
    assert not second.next_page_token
    assert not (await listed(person, consumer="another")).dead_letters
    assert not (await listed(stranger)).dead_letters
