"""ListItems."""

from rappit.inventory.v1.item_details_pb2 import ItemDetails
from rappit.inventory.v1.items_pb2 import CreateItemRequest, ListItemsRequest
from tests.given.refusals import refused
from tests.given.stock import Stockroom
from tests.inventory.conftest import Person


async def test_items_come_by_sku_page_by_page(person: Person, room: Stockroom) -> None:
    """Trap 27: nothing stops at a page's end."""
    skus = ["b", "A", "a", "B", "é", "٣"]
    for sku in skus:
        await room.item(sku=sku)
    found, token = [], ""
    while True:
        request = ListItemsRequest(page_size=2, page_token=token)
        page = await person.call(person.items.ListItems, request)
        assert len(page.items) == 2
        found += [item.sku for item in page.items]
        token = page.next_page_token
        if not token:
            break

    assert found == sorted(skus, key=str.encode)


async def test_one_sku_is_found_exactly(person: Person, room: Stockroom) -> None:
    await room.item(sku="MUG")
    await room.item(sku="MUG-RED")
    found = await person.call(person.items.ListItems, ListItemsRequest(sku="MUG"))

    assert [item.sku for item in found.items] == ["MUG"]
    assert not (await person.call(person.items.ListItems, ListItemsRequest(sku="mug"))).items


async def test_items_of_a_category(person: Person) -> None:
    for sku, category in (("B", "Mugs"), ("A", "Mugs"), ("C", "Pots")):
        new = CreateItemRequest(sku=sku, name="Thing", details=ItemDetails(category=category))
        await person.call(person.items.CreateItem, new)
    first = await person.call(person.items.ListItems, ListItemsRequest(category="Mugs", page_size=1))
    request = ListItemsRequest(category="Mugs", page_size=1, page_token=first.next_page_token)
    second = await person.call(person.items.ListItems, request)

    assert [item.sku for page in (first, second) for item in page.items] == ["A", "B"]
    assert not second.next_page_token
    with refused("PAGE_TOKEN_INVALID"):
        await person.call(person.items.ListItems, ListItemsRequest(page_token=first.next_page_token))


async def test_a_token_of_another_list_is_refused(person: Person, room: Stockroom) -> None:
    for sku in ("A", "B"):
        await room.item(sku=sku)
    page = await person.call(person.items.ListItems, ListItemsRequest(page_size=1))
    with refused("PAGE_TOKEN_INVALID"):
        await person.call(person.items.ListItems, ListItemsRequest(sku="B", page_token=page.next_page_token))


async def test_another_organizations_items_are_not_listed(stranger: Person, room: Stockroom) -> None:
    """Trap 2."""
    await room.item(sku="MUG")

    assert not (await stranger.call(stranger.items.ListItems, ListItemsRequest())).items
    assert not (await stranger.call(stranger.items.ListItems, ListItemsRequest(sku="MUG"))).items
