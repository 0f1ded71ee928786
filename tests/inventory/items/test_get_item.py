"""GetItem."""

from uuid import uuid4

from rappit.inventory.v1.items_pb2 import CreateItemRequest, GetItemRequest
from tests.given.refusals import refused
from tests.inventory.conftest import Person


async def test_an_item_is_shown_as_it_was_made(person: Person) -> None:
    made = (await person.call(person.items.CreateItem, CreateItemRequest(sku="MUG", name="Mug"))).item

    assert (await person.call(person.items.GetItem, GetItemRequest(item_id=made.id))).item == made


async def test_an_item_that_is_not_there_or_not_ours_is_not_found(person: Person, stranger: Person) -> None:
    """Trap 2."""
    made = (await person.call(person.items.CreateItem, CreateItemRequest(sku="MUG", name="Mug"))).item
    with refused("ITEM_NOT_FOUND") as unknown:
        await person.call(person.items.GetItem, GetItemRequest(item_id=str(uuid4())))
    with refused("ITEM_NOT_FOUND") as foreign:
        await stranger.call(stranger.items.GetItem, GetItemRequest(item_id=made.id))

    assert foreign.error.facts == {"item_id": made.id}
    assert (unknown.error.code, unknown.error.message) == (foreign.error.code, foreign.error.message)
