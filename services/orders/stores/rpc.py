"""StoreService."""

from uuid import UUID

from chassis.clock import Clock
from chassis.database.pool import Database
from chassis.database.transaction import Transaction
from chassis.paging import next_token, page_from
from chassis.rpc.context import Context, current_call
from chassis.sealing import Sealer
from orders.stores import messages
from orders.stores.connect_store import NewStore, connect_store
from orders.stores.disconnect_store import disconnect_store
from orders.stores.get_store import get_store
from orders.stores.list_stores import list_stores
from orders.stores.read_health import ShownStore, read_health
from orders.stores.resolve_store import find_organization, resolve_store
from orders.stores.rotate_store_secret import rotate_store_secret
from orders.stores.set_store_credentials import set_store_credentials
from orders.stores.update_store import update_store
from rappit.orders.v1.stores_pb2 import (
    ConnectStoreRequest,
    ConnectStoreResponse,
    DisconnectStoreRequest,
    DisconnectStoreResponse,
    GetStoreRequest,
    GetStoreResponse,
    ListStoresRequest,
    ListStoresResponse,
    ResolveStoreRequest,
    ResolveStoreResponse,
    RotateStoreSecretRequest,
    RotateStoreSecretResponse,
    SetStoreCredentialsRequest,
    SetStoreCredentialsResponse,
    UpdateStoreRequest,
    UpdateStoreResponse,
)
from rappit.orders.v1.stores_pb2_grpc import StoreServiceServicer


class Stores(StoreServiceServicer):
    """Stores of the caller's organisation; of any for the gateway."""

    def __init__(self, database: Database, clock: Clock, sealer: Sealer, *, development: bool = False) -> None:
        self.database = database
        self.clock = clock
        self.sealer = sealer
        self.development = development

    async def ConnectStore(self, request: ConnectStoreRequest, context: Context) -> ConnectStoreResponse:
        call = current_call()
        new = NewStore(messages.provider(request.provider), request.name, request.shop, request.webhook_secret)

        async def effect(tx: Transaction) -> ConnectStoreResponse:
            store = await connect_store(tx, self.clock, self.sealer, new, call.rpc)
            return ConnectStoreResponse(store=messages.store_message(store))

        return await self.database.answer_once(call, ConnectStoreResponse, effect)

    async def GetStore(self, request: GetStoreRequest, context: Context) -> GetStoreResponse:
        async def shown(tx: Transaction) -> list[ShownStore]:
            return await read_health(tx, [await get_store(tx, UUID(request.store_id))])

        (store,) = await self.database.read(current_call(), shown)
        return GetStoreResponse(store=messages.shown_store(store))

    async def ListStores(self, request: ListStoresRequest, context: Context) -> ListStoresResponse:
        page = page_from(request.page_size, request.page_token, "stores", [UUID])
        after = page.after[0] if page.after else None

        async def shown(tx: Transaction) -> list[ShownStore]:
            return await read_health(tx, await list_stores(tx, after, page.size + 1))

        stores = await self.database.read(current_call(), shown)
        more = len(stores) > page.size
        return ListStoresResponse(
            stores=map(messages.shown_store, stores[: page.size]),
            next_page_token=next_token("stores", stores[page.size - 1].store.id) if more else "",
        )

    async def UpdateStore(self, request: UpdateStoreRequest, context: Context) -> UpdateStoreResponse:
        call, update = current_call(), messages.store_update(request)

        async def effect(tx: Transaction) -> UpdateStoreResponse:
            store = await update_store(tx, self.clock, update, call.caller.name, call.rpc)
            return UpdateStoreResponse(store=messages.store_message(store))

        return await self.database.answer_once(call, UpdateStoreResponse, effect)

    async def RotateStoreSecret(self, request: RotateStoreSecretRequest, context: Context) -> RotateStoreSecretResponse:
        call, rotation = current_call(), messages.rotation(request)

        async def effect(tx: Transaction) -> RotateStoreSecretResponse:
            store = await rotate_store_secret(tx, self.clock, self.sealer, rotation, call.rpc)
            return RotateStoreSecretResponse(store=messages.store_message(store))

        return await self.database.answer_once(call, RotateStoreSecretResponse, effect)

    async def SetStoreCredentials(
        self, request: SetStoreCredentialsRequest, context: Context
    ) -> SetStoreCredentialsResponse:
        call, new = current_call(), messages.credentials(request)

        async def effect(tx: Transaction) -> SetStoreCredentialsResponse:
            store = await set_store_credentials(
                tx, self.clock, self.sealer, new, call.rpc, development=self.development
            )
            return SetStoreCredentialsResponse(store=messages.store_message(store))

        return await self.database.answer_once(call, SetStoreCredentialsResponse, effect)

    async def DisconnectStore(self, request: DisconnectStoreRequest, context: Context) -> DisconnectStoreResponse:
        call, store_id = current_call(), UUID(request.store_id)

        async def effect(tx: Transaction) -> DisconnectStoreResponse:
            store = await disconnect_store(tx, self.clock, store_id, call.rpc)
            return DisconnectStoreResponse(store=messages.store_message(store))

        return await self.database.answer_once(call, DisconnectStoreResponse, effect)

    async def ResolveStore(self, request: ResolveStoreRequest, context: Context) -> ResolveStoreResponse:
        call, store_id = current_call(), UUID(request.store_id)
        organization = await self.database.look_up(call, lambda tx: find_organization(tx, store_id))
        resolved = await self.database.read(
            call, lambda tx: resolve_store(tx, self.sealer, store_id), organization=organization
        )
        return messages.resolve_store_response(resolved)
