"""MappingService."""

from uuid import UUID

from chassis.clock import Clock
from chassis.database.pool import Database
from chassis.database.transaction import Transaction
from chassis.paging import next_token, page_from
from chassis.rpc.context import Context, current_call
from chassis.timestamps import timestamp
from orders.mappings.list_mappings import list_mappings
from orders.mappings.list_unmapped_skus import list_unmapped_skus
from orders.mappings.map_sku import Mapping, Meaning, map_sku
from orders.mappings.unmap_sku import unmap_sku
from rappit.orders.v1 import mappings_pb2 as wire
from rappit.orders.v1.mappings_pb2_grpc import MappingServiceServicer


class Mappings(MappingServiceServicer):
    """Which items SKUs mean, in the caller's organisation."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self.clock = clock

    async def MapSku(self, request: wire.MapSkuRequest, context: Context) -> wire.MapSkuResponse:
        call = current_call()
        meaning = Meaning(request.sku, UUID(request.item_id))

        async def effect(tx: Transaction) -> wire.MapSkuResponse:
            made, moved = await map_sku(tx, self.clock, meaning, call.caller.name, call.rpc)
            return wire.MapSkuResponse(
                mapping=_mapping(made), changed_orders=moved.orders, orders_to_follow=moved.to_follow
            )

        return await self.database.answer_once(call, wire.MapSkuResponse, effect)

    async def UnmapSku(self, request: wire.UnmapSkuRequest, context: Context) -> wire.UnmapSkuResponse:
        call = current_call()

        async def effect(tx: Transaction) -> wire.UnmapSkuResponse:
            moved = await unmap_sku(tx, self.clock, request.sku, call.caller.name, call.rpc)
            return wire.UnmapSkuResponse(changed_orders=moved.orders, orders_to_follow=moved.to_follow)

        return await self.database.answer_once(call, wire.UnmapSkuResponse, effect)

    async def ListMappings(self, request: wire.ListMappingsRequest, context: Context) -> wire.ListMappingsResponse:
        made_for = "mappings"
        page = page_from(request.page_size, request.page_token, made_for, [str])
        after = page.after[0] if page.after else ""
        found = await self.database.read(current_call(), lambda tx: list_mappings(tx, after, page.size + 1))
        shown = found[: page.size]
        return wire.ListMappingsResponse(
            mappings=map(_mapping, shown),
            next_page_token=next_token(made_for, shown[-1].sku) if len(found) > page.size else "",
        )

    async def ListUnmappedSkus(
        self, request: wire.ListUnmappedSkusRequest, context: Context
    ) -> wire.ListUnmappedSkusResponse:
        made_for = "unmapped SKUs"
        page = page_from(request.page_size, request.page_token, made_for, [str])
        after = page.after[0] if page.after else None
        found = await self.database.read(current_call(), lambda tx: list_unmapped_skus(tx, after, page.size + 1))
        shown = found[: page.size]
        return wire.ListUnmappedSkusResponse(
            unmapped_skus=[
                wire.UnmappedSku(
                    sku=each.sku,
                    order_count=each.order_count,
                    units=each.units,
                    oldest_order_time=timestamp(each.oldest),
                    suggestions=[
                        wire.SuggestedItem(item_id=str(item.item_id), sku=item.sku) for item in each.suggestions
                    ],
                )
                for each in shown
            ],
            next_page_token=next_token(made_for, shown[-1].sku) if len(found) > page.size else "",
        )


def _mapping(made: Mapping) -> wire.Mapping:
    return wire.Mapping(
        sku=made.sku,
        item_id=str(made.item_id),
        item_sku=made.item_sku,
        actor=made.actor,
        create_time=timestamp(made.create_time),
    )
