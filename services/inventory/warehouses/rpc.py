"""WarehouseService."""

from functools import partial
from uuid import UUID

from chassis.clock import Clock
from chassis.database.pool import Database
from chassis.database.transaction import Transaction
from chassis.rpc.context import Context, current_call
from inventory.warehouses.archive_warehouse import archive_warehouse
from inventory.warehouses.close_warehouse import close_warehouse
from inventory.warehouses.create_warehouse import NewWarehouse, create_warehouse
from inventory.warehouses.get_sourcing import get_sourcing
from inventory.warehouses.list_warehouses import list_warehouses
from inventory.warehouses.messages import address_from, sourcing_from, sourcing_message, update_from, warehouse_message
from inventory.warehouses.open_warehouse import open_warehouse
from inventory.warehouses.set_sourcing import set_sourcing
from inventory.warehouses.update_warehouse import update_warehouse
from rappit.inventory.v1 import warehouses_pb2 as proto
from rappit.inventory.v1.sourcing_pb2 import (
    GetSourcingRequest,
    GetSourcingResponse,
    SetSourcingRequest,
    SetSourcingResponse,
)
from rappit.inventory.v1.warehouses_pb2_grpc import WarehouseServiceServicer


class Warehouses(WarehouseServiceServicer):
    """The places that hold stock."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self.clock = clock

    async def CreateWarehouse(
        self, request: proto.CreateWarehouseRequest, context: Context
    ) -> proto.CreateWarehouseResponse:
        new = NewWarehouse(
            code=request.code, name=request.name, priority=request.priority, address=address_from(request)
        )

        async def effect(tx: Transaction) -> proto.CreateWarehouseResponse:
            warehouse = await create_warehouse(tx, self.clock, new)
            return proto.CreateWarehouseResponse(warehouse=warehouse_message(warehouse))

        return await self.database.answer_once(current_call(), proto.CreateWarehouseResponse, effect)

    async def CloseWarehouse(
        self, request: proto.CloseWarehouseRequest, context: Context
    ) -> proto.CloseWarehouseResponse:
        async def effect(tx: Transaction) -> proto.CloseWarehouseResponse:
            warehouse = await close_warehouse(tx, UUID(request.warehouse_id))
            return proto.CloseWarehouseResponse(warehouse=warehouse_message(warehouse))

        return await self.database.answer_once(current_call(), proto.CloseWarehouseResponse, effect)

    async def ArchiveWarehouse(
        self, request: proto.ArchiveWarehouseRequest, context: Context
    ) -> proto.ArchiveWarehouseResponse:
        async def effect(tx: Transaction) -> proto.ArchiveWarehouseResponse:
            warehouse = await archive_warehouse(tx, UUID(request.warehouse_id))
            return proto.ArchiveWarehouseResponse(warehouse=warehouse_message(warehouse))

        return await self.database.answer_once(current_call(), proto.ArchiveWarehouseResponse, effect)

    async def OpenWarehouse(self, request: proto.OpenWarehouseRequest, context: Context) -> proto.OpenWarehouseResponse:
        async def effect(tx: Transaction) -> proto.OpenWarehouseResponse:
            warehouse = await open_warehouse(tx, UUID(request.warehouse_id))
            return proto.OpenWarehouseResponse(warehouse=warehouse_message(warehouse))

        return await self.database.answer_once(current_call(), proto.OpenWarehouseResponse, effect)

    async def UpdateWarehouse(
        self, request: proto.UpdateWarehouseRequest, context: Context
    ) -> proto.UpdateWarehouseResponse:
        async def effect(tx: Transaction) -> proto.UpdateWarehouseResponse:
            return proto.UpdateWarehouseResponse(
                warehouse=warehouse_message(await update_warehouse(tx, update_from(request)))
            )

        return await self.database.answer_once(current_call(), proto.UpdateWarehouseResponse, effect)

    async def GetSourcing(self, request: GetSourcingRequest, context: Context) -> GetSourcingResponse:
        sourcing = await self.database.read(current_call(), get_sourcing)
        return GetSourcingResponse(sourcing=sourcing_message(sourcing))

    async def SetSourcing(self, request: SetSourcingRequest, context: Context) -> SetSourcingResponse:
        async def effect(tx: Transaction) -> SetSourcingResponse:
            sourcing = await set_sourcing(tx, sourcing_from(request), request.etag)
            return SetSourcingResponse(sourcing=sourcing_message(sourcing))

        return await self.database.answer_once(current_call(), SetSourcingResponse, effect)

    async def ListWarehouses(
        self, request: proto.ListWarehousesRequest, context: Context
    ) -> proto.ListWarehousesResponse:
        listed = partial(list_warehouses, with_archived=request.with_archived)
        warehouses = await self.database.read(current_call(), listed)
        return proto.ListWarehousesResponse(warehouses=map(warehouse_message, warehouses))
