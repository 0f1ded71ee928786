"""ItemService."""

from collections.abc import Sequence
from uuid import UUID

from chassis.clock import Clock
from chassis.database.pool import Database
from chassis.database.transaction import Transaction
from chassis.paging import next_token, page_from
from chassis.rpc.context import Context, current_call
from inventory.items.create_item import NewItem, create_item
from inventory.items.get_item import get_item
from inventory.items.item import Item
from inventory.items.list_items import list_items
from inventory.items.messages import details_from, item_message, update_from
from inventory.items.update_item import update_item
from rappit.inventory.v1 import items_pb2 as proto
from rappit.inventory.v1.items_pb2_grpc import ItemServiceServicer


class Items(ItemServiceServicer):
    """The things that are held in stock."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self.clock = clock

    async def CreateItem(self, request: proto.CreateItemRequest, context: Context) -> proto.CreateItemResponse:
        call = current_call()
        new = NewItem(sku=request.sku, name=request.name, barcode=request.barcode, details=details_from(request))

        async def effect(tx: Transaction) -> proto.CreateItemResponse:
            return proto.CreateItemResponse(item=item_message(await create_item(tx, self.clock, new, call.rpc)))

        return await self.database.answer_once(call, proto.CreateItemResponse, effect)

    async def GetItem(self, request: proto.GetItemRequest, context: Context) -> proto.GetItemResponse:
        async def effect(tx: Transaction) -> Item:
            return await get_item(tx, UUID(request.item_id))

        return proto.GetItemResponse(item=item_message(await self.database.read(current_call(), effect)))

    async def UpdateItem(self, request: proto.UpdateItemRequest, context: Context) -> proto.UpdateItemResponse:
        call = current_call()
        update = update_from(request)

        async def effect(tx: Transaction) -> proto.UpdateItemResponse:
            return proto.UpdateItemResponse(item=item_message(await update_item(tx, self.clock, update, call.rpc)))

        return await self.database.answer_once(call, proto.UpdateItemResponse, effect)

    async def ListItems(self, request: proto.ListItemsRequest, context: Context) -> proto.ListItemsResponse:
        filters = f"items sku={request.sku} category={request.category}"
        page = page_from(request.page_size, request.page_token, filters, [str])
        after = page.after[0] if page.after else None

        async def effect(tx: Transaction) -> Sequence[Item]:
            return await list_items(tx, sku=request.sku, category=request.category, after=after, limit=page.size + 1)

        found = await self.database.read(current_call(), effect)
        shown = found[: page.size]
        return proto.ListItemsResponse(
            items=map(item_message, shown),
            next_page_token=next_token(filters, shown[-1].sku) if len(found) > len(shown) else "",
        )
