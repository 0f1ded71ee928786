"""CreateItem."""

import asyncio
from uuid import uuid4

import pytest

from chassis.errors import RemoteRefusal
from rappit.inventory.v1.events_pb2 import ItemEvent
from rappit.inventory.v1.item_details_pb2 import ItemDetails
from rappit.inventory.v1.items_pb2 import CreateItemRequest, CreateItemResponse, ListItemsRequest
from rappit.types.v1.money_pb2 import Money
from tests.given.refusals import refused
from tests.given.stock import Stockroom
from tests.inventory.conftest import Person


async def test_an_item_is_made_and_told_to_the_others(person: Person, room: Stockroom) -> None:
    request = CreateItemRequest(sku="MUG-RED", name="كوب أحمر", barcode="6281000000014")
    item = (await person.call(person.items.CreateItem, request)).item

    assert (item.sku, item.name, item.barcode, item.etag) == ("MUG-RED", "كوب أحمر", "6281000000014", "1")
    assert item.create_time.seconds > 0
    (row,) = await room.rows("SELECT payload FROM outbox WHERE aggregateid = %s", item.id)
    event = ItemEvent.FromString(row.payload)
    assert (event.header.aggregate_id, event.header.aggregate_version) == (item.id, 1)
    assert event.header.cause == "rappit.inventory.v1.ItemService/CreateItem"
    assert (event.item_changed.sku, event.item_changed.name) == ("MUG-RED", "كوب أحمر")


async def test_what_carriers_and_customs_ask_is_kept(person: Person) -> None:
    details = ItemDetails(
        category="Kitchen / Mugs",
        image_url="https://cdn.example.com/mug.jpg?v=1",
        weight_grams=350,
        length_mm=120,
        width_mm=90,
        height_mm=100,
        unit_cost=Money(minor_units=4125, currency="KWD"),
        hs_code="691110000000",
        origin_country="CN",
    )
    request = CreateItemRequest(sku="MUG", name="Mug", details=details)
    made = (await person.call(person.items.CreateItem, request)).item

    assert made.details == details
    assert (await person.call(person.items.ListItems, ListItemsRequest())).items == [made]


async def test_details_that_cannot_be_are_refused(person: Person) -> None:
    for details in (
        ItemDetails(image_url="http://cdn.example.com/mug.jpg"),
        ItemDetails(image_url="https://cdn.example.com/mug jpg"),
        ItemDetails(weight_grams=-1),
        ItemDetails(height_mm=100_001),
        ItemDetails(unit_cost=Money(minor_units=-1, currency="SAR")),
        ItemDetails(unit_cost=Money(minor_units=1, currency="riyal")),
        ItemDetails(hs_code="6911.10"),
        ItemDetails(origin_country="China"),
    ):
        with refused("INVALID_REQUEST") as caught:
            await person.call(person.items.CreateItem, CreateItemRequest(sku="MUG", name="Mug", details=details))

        (field,) = [field.name for field, _ in details.ListFields()]
        assert caught.error.violations[0].field.startswith(f"details.{field}")


async def test_a_sku_is_one_item(person: Person) -> None:
    request = CreateItemRequest(sku="MUG", name="Mug")
    item = (await person.call(person.items.CreateItem, request)).item
    with refused("SKU_TAKEN") as caught:
        await person.call(person.items.CreateItem, CreateItemRequest(sku="MUG", name="Another"))

    assert caught.error.facts == {"sku": "MUG", "item_id": item.id}
    other_case = await person.call(person.items.CreateItem, CreateItemRequest(sku="mug", name="Case is kept"))
    assert other_case.item.id != item.id


async def test_the_same_sku_in_two_organizations_is_two_items(person: Person, stranger: Person) -> None:
    """Trap 1."""
    ours = (await person.call(person.items.CreateItem, CreateItemRequest(sku="MUG", name="Ours"))).item
    theirs = (await stranger.call(stranger.items.CreateItem, CreateItemRequest(sku="MUG", name="Theirs"))).item

    assert ours.id != theirs.id
    assert (await person.call(person.items.ListItems, ListItemsRequest())).items == [ours]
    assert (await stranger.call(stranger.items.ListItems, ListItemsRequest())).items == [theirs]


async def test_ten_at_once_with_one_sku_is_one_item(person: Person) -> None:
    request = CreateItemRequest(sku="MUG", name="Mug")
    answers = await asyncio.gather(
        *(person.call(person.items.CreateItem, request) for _ in range(10)), return_exceptions=True
    )

    made = [answer for answer in answers if isinstance(answer, CreateItemResponse)]
    assert len(made) == 1
    refusals = [answer for answer in answers if isinstance(answer, RemoteRefusal)]
    assert [(refusal.reason, refusal.facts["item_id"]) for refusal in refusals] == [("SKU_TAKEN", made[0].item.id)] * 9


async def test_one_key_is_one_item(person: Person) -> None:
    request, key = CreateItemRequest(sku="MUG", name="Mug"), str(uuid4())
    first = await person.call(person.items.CreateItem, request, key)

    assert await person.call(person.items.CreateItem, request, key) == first


@pytest.mark.parametrize("sku", ["", " MUG", "MUG ", "MU\nG", "MU\0G", "x" * 101])
async def test_a_sku_that_nobody_could_type_is_refused(person: Person, sku: str) -> None:
    with refused("INVALID_REQUEST") as caught:
        await person.call(person.items.CreateItem, CreateItemRequest(sku=sku, name="Mug"))

    assert {violation.field for violation in caught.error.violations} == {"sku"}
