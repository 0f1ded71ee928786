"""An organisation with one of each thing, made through the doors that it would use itself.

Every id that a request can name must be known here by the field's name: a new RPC with an id of another kind is not
probed in silence, it fails until such a thing is made.
"""

import importlib
from datetime import timedelta
from functools import cache
from typing import Any, Self
from uuid import UUID, uuid4

import psycopg.sql
from google.protobuf.message import Message

from chassis.clock import SystemClock
from chassis.messaging.inbox import received, set_aside
from inventory.warehouses.record_organization import record_organization as record_for_inventory
from orders.stores.get_store import get_store
from orders.stores.record_organization import record_organization as record_for_orders
from rappit.identity.v1 import accounts_pb2 as accounts
from rappit.identity.v1 import invitations_pb2 as invitations
from rappit.identity.v1 import sessions_pb2 as sessions
from rappit.inventory.v1 import items_pb2 as items
from rappit.inventory.v1 import reservations_pb2 as reservations
from rappit.inventory.v1 import stock_pb2 as stock
from rappit.inventory.v1 import warehouses_pb2 as warehouses
from rappit.orders.v1 import holds_pb2 as holds
from rappit.orders.v1 import stores_pb2 as stores
from rappit.orders.v1.events_pb2 import OrderChanged, OrderEvent
from rappit.orders.v1.order_parts_pb2 import HOLD_REASON_STOCK
from rappit.orders.v1.store_pb2 import PROVIDER_SHOPIFY
from rappit.types.v1.event_header_pb2 import EventHeader
from tests.contract.installation import Installation
from tests.given.parked import park
from tests.given.privacy import ask, person
from tests.given.shop import Shop
from tests.given.shopify_orders import item, placed

PASSWORD = "seven camels cross the dune"
SKU = "NEIGHBOUR-MUG"


class AnotherOrganization:
    """An organisation and its things; `ids` are theirs, by the names of the fields that take them."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self.organization = UUID(int=0)
        self.email = f"neighbour-{uuid4().hex[:8]}@example.com"
        self.ids: dict[str, str] = {}

    @classmethod
    async def founded(cls, installation: Installation) -> Self:
        """Signed up, with an item in stock, a reservation, a store and an order of it."""
        self = cls(installation)
        await self._sign_up()
        await self._stock()
        await self._sell()
        return self

    async def rows(self) -> dict[str, str]:
        """Digest of all that every service keeps of it: "orders.stores" -> hash. Directories are looked at whole."""
        found: dict[str, str] = {}
        for service, database in self._installation.databases.items():
            async with database.transaction(self.organization) as tx:
                cursor = await tx.execute(_digests(service))
                found |= {f"{service}.{row.name}": row.digest for row in await cursor.fetchall()}
        return found

    async def call(self, rpc: str, request: Message) -> Any:
        """What the organisation itself is answered."""
        token = self._installation.allowed(rpc, organization=self.organization, user=UUID(self.ids["user_id"]))
        return await self._installation.answer(rpc, request, token=token, key=str(uuid4()))

    async def call_of(self, service: str, rpc: str, request: Message) -> Any:
        """What a service is answered that calls for the organisation."""
        token = self._installation.service(service, rpc, organization=self.organization)
        return await self._installation.answer(rpc, request, token=token, key=str(uuid4()))

    async def _sign_up(self) -> None:
        rpc = "rappit.identity.v1.AccountService/SignUp"
        request = accounts.SignUpRequest(organization_name="Neighbours", email=self.email, password=PASSWORD)
        made = await self._installation.answer(
            rpc, request, token=self._installation.service("gateway", rpc), key=str(uuid4())
        )
        self.organization = UUID(made.organization.id)
        self.ids |= {"organization_id": made.organization.id, "user_id": made.user.id}
        rpc = "rappit.identity.v1.SessionService/SignIn"
        signed_in = await self._installation.answer(
            rpc,
            sessions.SignInRequest(email=self.email, password=PASSWORD),
            token=self._installation.service("gateway", rpc),
            key=None,
        )
        self.ids["session_id"] = signed_in.tokens.session_id
        invite = invitations.CreateInvitationRequest(email=f"guest-{self.email}", role="VIEWER")
        made = await self._call("identity.v1.InvitationService/CreateInvitation", invite)
        self.ids["invitation_id"] = made.invitation.id
        async with self._installation.databases["orders"].transaction(self.organization) as tx:
            await record_for_orders(tx, "ACTIVE", 1)
        async with self._installation.databases["inventory"].transaction(self.organization) as tx:
            await record_for_inventory(tx, SystemClock())

    async def _stock(self) -> None:
        made = await self._call("inventory.v1.ItemService/CreateItem", items.CreateItemRequest(sku=SKU, name="Mug"))
        self.ids["item_id"] = made.item.id
        made = await self._call(
            "inventory.v1.WarehouseService/CreateWarehouse",
            warehouses.CreateWarehouseRequest(code="EAST", name="East", priority=5),
        )
        self.ids["warehouse_id"] = made.warehouse.id
        await self._call(
            "inventory.v1.StockService/AdjustStock",
            stock.AdjustStockRequest(
                item_id=self.ids["item_id"],
                warehouse_id=self.ids["warehouse_id"],
                delta=47,
                reason=stock.ADJUSTMENT_REASON_OPENING,
            ),
        )
        self.ids["demand_id"] = str(uuid4())
        wanted = reservations.WantedLine(line_id="1", item_id=self.ids["item_id"], quantity=5)
        await self._call(
            "inventory.v1.ReservationService/ReserveStock",
            reservations.ReserveStockRequest(demand_id=self.ids["demand_id"], version=1, lines=[wanted]),
        )

    async def _sell(self) -> None:
        request = stores.ConnectStoreRequest(
            provider=PROVIDER_SHOPIFY,
            name="Neighbours",
            shop=f"n{uuid4().hex[:8]}.myshopify.com",
            webhook_secret="a secret of the neighbours' own",
        )
        made = await self._call("orders.v1.StoreService/ConnectStore", request)
        self.ids["store_id"] = made.store.id
        database = self._installation.databases["orders"]
        async with database.transaction(self.organization) as tx:
            store = await get_store(tx, UUID(made.store.id))
        shop = Shop(database, self.organization, store)
        await shop.item(SKU, item_id=UUID(self.ids["item_id"]))
        sold = placed("#1047", item(SKU, 2))
        await shop.deliver(sold)
        order = await shop.order("#1047")
        self.ids |= {"order_id": str(order.id), "line_id": str(order.lines[0].id)}
        parked = await park(shop, placed("#1048"))
        self.ids |= {"event_id": str(parked.id), "delivery_id": str(parked.id)}
        await self._park_in_inventory(parked.id)
        self.ids["privacy_request_id"] = str(await ask(shop, "customers/data_request", customer=person(sold)))
        hold = holds.PlaceHoldRequest(order_id=self.ids["order_id"], reason=HOLD_REASON_STOCK)
        self.ids["hold_id"] = (await self._call("orders.v1.HoldService/PlaceHold", hold)).order.holds[0].id

    async def _park_in_inventory(self, event_id: UUID) -> None:
        """An event of the same id that inventory gave up: dead letters of both services have one field's name."""
        header = EventHeader(
            id=str(event_id), organization_id=str(self.organization), aggregate_id=self.ids["order_id"]
        )
        event = OrderEvent(header=header, order_changed=OrderChanged())
        async with self._installation.databases["inventory"].transaction(self.organization) as tx:
            await set_aside(
                tx, "inventory", received(event), state="PARKED", tries=10, failure="ItemNotFound", pause=timedelta()
            )

    async def _call(self, rpc: str, request: Message) -> Any:
        return await self.call(f"rappit.{rpc}", request)


@cache
def _digests(service: str) -> psycopg.sql.Composed:
    """One statement over all tables of a service."""
    schema = importlib.import_module(f"{service}.schema")
    tables = [*(table.name for table in schema.METADATA.sorted_tables), "inbox", "lanes", "outbox"]
    digest = psycopg.sql.SQL(
        "SELECT {} AS name, coalesce(md5(string_agg(t::text, ' ' ORDER BY t::text)), '') AS digest FROM {} AS t"
    )
    parts = [digest.format(psycopg.sql.Literal(name), psycopg.sql.Identifier(name)) for name in tables]
    return psycopg.sql.SQL(" UNION ALL ").join(parts)
