"""One organisation with a store in orders' database, and the verbs of its stories."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

from chassis.clock import SystemClock
from chassis.database.pool import Database
from chassis.messaging.envelope import EventMessage, Message
from chassis.sealing import Sealer
from orders.mappings.on_inventory import on_inventory as on_items
from orders.orders.cancel_order import Cancel, cancel_order
from orders.orders.edit import LineChange
from orders.orders.edit_order import Edit, edit_order
from orders.orders.load_orders import load_order
from orders.orders.on_inventory import on_inventory as on_stock
from orders.orders.order import Order
from orders.orders.snapshot import CancelReason
from orders.stores.connect_store import NewStore, connect_store
from orders.stores.on_identity import on_identity
from orders.stores.store import Provider, Store
from orders.webhooks.on_gateway import on_gateway
from rappit.gateway.v1.events_pb2 import DELIVERY_KIND_ORDER, DeliveryKind, WebhookReceived
from rappit.identity.v1.events_pb2 import IdentityEvent, OrganizationCreated
from rappit.identity.v1.organizations_pb2 import ORGANIZATION_STATE_ACTIVE
from rappit.inventory.v1.events_pb2 import (
    DemandClosed,
    DemandReserved,
    DemandShort,
    ItemChanged,
    ItemEvent,
    ShortLine,
    ShortReason,
    StockEvent,
)
from rappit.inventory.v1.reservations_pb2 import DEMAND_OWNER_ORDERS, DemandLine, DemandOwner
from rappit.orders.v1.events_pb2 import OrderEvent
from rappit.types.v1.event_header_pb2 import EventHeader
from tests.given.shopify_orders import body

E = TypeVar("E", bound=EventMessage)
SECRET = "shpss_3d5c1f0a9b8e7d6c"
CLOCK = SystemClock()
SEALER = Sealer({"2026": bytes(range(32))})
USER = "user:0192f3a0-0000-7000-8000-000000000001"


@dataclass
class Shop:
    """An organisation that has connected a store."""

    database: Database
    organization: UUID
    store: Store
    items: dict[str, UUID] = field(default_factory=dict)
    revisions: dict[UUID, int] = field(default_factory=dict)

    async def deliver(self, *orders: Mapping[str, Any] | bytes, topic: str = "orders/updated", **more: Any) -> None:
        """The store's deliveries arrive, each by itself."""
        for order in orders:
            await self.deliver_together(order, topic=topic, **more)

    async def deliver_together(
        self, *orders: Mapping[str, Any] | bytes, topic: str = "orders/updated", **more: Any
    ) -> None:
        """Deliveries arrive in one batch."""
        await self.receive(*(self.delivery(order, topic, **more) for order in orders))

    async def receive(self, *deliveries: Message[WebhookReceived]) -> None:
        """These very deliveries arrive, in one batch."""
        async with self.database.transaction(self.organization) as tx:
            await on_gateway(CLOCK, tx, deliveries)

    def delivery(
        self,
        order: Mapping[str, Any] | bytes,
        topic: str = "orders/updated",
        *,
        store: UUID | None = None,
        kind: DeliveryKind.ValueType = DELIVERY_KIND_ORDER,
        external_id: str | None = None,
    ) -> Message[WebhookReceived]:
        """A delivery as the gateway hands it on."""
        raw = order if isinstance(order, bytes) else body(order)
        if external_id is None:
            external_id = "" if isinstance(order, bytes) else str(order.get("id", ""))
        return self.message(
            WebhookReceived(
                store_id=str(store or self.store.id),
                provider=self.store.provider.lower(),
                topic=topic,
                kind=kind,
                external_id=external_id,
                body=raw,
            ),
            f"{self.store.id}/order/{external_id}",
        )

    async def item(self, sku: str, version: int = 1, item_id: UUID | None = None) -> UUID:
        """Inventory has an item with this SKU."""
        item_id = item_id or self.items.setdefault(sku, uuid4())
        message = self.message(ItemEvent(item_changed=ItemChanged(sku=sku, name=sku)), str(item_id), version)
        async with self.database.transaction(self.organization) as tx:
            await on_items(CLOCK, tx, [message])
        return item_id

    async def reserved(self, order: Order, **more: Any) -> None:
        """Inventory answers: all that the order wants is reserved."""
        await self.answer(order, demand_reserved=DemandReserved(lines=_holds(order)), **more)

    async def short(self, order: Order, sku: str, missing: int, reason: ShortReason.ValueType, **more: Any) -> None:
        """Inventory answers: one line lacks units, and nothing is reserved."""
        (line,) = [line for line in order.lines if line.sku == sku]
        lacks = ShortLine(line_id=str(line.id), item_id=str(line.item_id), missing=missing, reason=reason)
        await self.answer(order, demand_short=DemandShort(lines=_holds(order, 0), short_lines=[lacks]), **more)

    async def closed(self, order: Order, **more: Any) -> None:
        """Inventory answers: the demand ended."""
        await self.answer(order, demand_closed=DemandClosed(lines=_holds(order, 0)), **more)

    async def answer(
        self,
        order: Order,
        *,
        version: int | None = None,
        revision: int | None = None,
        owner: DemandOwner.ValueType = DEMAND_OWNER_ORDERS,
        **event: Any,
    ) -> None:
        """A StockEvent arrives, with the next revision unless one is given."""
        revision = revision or self.revisions.get(order.id, 0) + 1
        self.revisions[order.id] = max(revision, self.revisions.get(order.id, 0))
        order_version = order.version if version is None else version
        answer = StockEvent(order_version=order_version, owner=owner, **event)
        async with self.database.transaction(self.organization) as tx:
            await on_stock(CLOCK, tx, [self.message(answer, str(order.id), revision)])

    async def cancel(self, order: Order, *, etag: str = "", note: str = "") -> Order:
        """Somebody cancels the order here."""
        cancel = Cancel(order.id, CancelReason.CUSTOMER_REQUEST, note, etag)
        async with self.database.transaction(self.organization) as tx:
            return await cancel_order(tx, CLOCK, cancel, USER, "test")

    async def edit(self, order: Order, *changes: LineChange, etag: str = "") -> Order:
        """Somebody edits the order here."""
        async with self.database.transaction(self.organization) as tx:
            return await edit_order(tx, CLOCK, Edit(order.id, changes, "they called", etag), USER, "test")

    async def order(self, name: str = "#1047") -> Order:
        """The one order of this name."""
        (found,) = [order for order in await self.orders() if order.snapshot.name == name]
        return found

    async def orders(self) -> list[Order]:
        """All orders of the organisation."""
        ids = await self.rows("SELECT id FROM orders ORDER BY id")
        async with self.database.transaction(self.organization) as tx:
            return [await load_order(tx, row.id) for row in ids]

    async def told(self, order: Order) -> list[OrderEvent]:
        """The order's events, in the order in which they were written."""
        found = await self.rows("SELECT payload FROM outbox WHERE aggregateid = %s ORDER BY seq", str(order.id))
        return [OrderEvent.FromString(row.payload) for row in found]

    async def timeline(self, order: Order) -> list[str]:
        """What happened to an order, as stable words."""
        found = await self.rows("SELECT event FROM order_timeline WHERE order_id = %s ORDER BY position", order.id)
        return [row.event for row in found]

    async def rows(self, statement: str, *values: object) -> Sequence[Any]:
        """What a statement gives, in the organisation's own transaction."""
        async with self.database.transaction(self.organization) as tx:
            return await (await tx.execute(statement.encode(), values)).fetchall()

    def message(self, event: E, aggregate_id: str, version: int = 0) -> Message[E]:
        """An event of the organisation as a consumer hands it over, under an id of its own."""
        return message_of(self.organization, event, aggregate_id, version)


def message_of(organization: UUID, event: E, aggregate_id: str, version: int) -> Message[E]:
    """An event as a consumer hands it over, under an id of its own. It came in a little while ago."""
    time = datetime.now(UTC) - timedelta(milliseconds=5)
    header = EventHeader(
        id=str(uuid4()),
        organization_id=str(organization),
        aggregate_id=aggregate_id,
        aggregate_version=version,
        cause="test",
    )
    header.time.FromDatetime(time)
    event.header.CopyFrom(header)
    return Message(event, UUID(header.id), organization, aggregate_id, version, time, "test", "")


def _holds(order: Order, reserved: int | None = None) -> list[DemandLine]:
    """What a demand of the order holds: all that it wants, unless another number of units is given."""
    return [
        DemandLine(
            line_id=str(line.id),
            item_id=str(line.item_id),
            wanted=line.wanted,
            reserved=line.open if reserved is None else reserved,
            consumed=line.said.fulfilled,
        )
        for line in order.lines
        if line.item_id and line.wanted
    ]


async def open_organization(database: Database, organization: UUID | None = None) -> UUID:
    """A new organisation signs up, and orders hears of it."""
    organization = organization or uuid4()
    created = IdentityEvent(organization_created=OrganizationCreated(state=ORGANIZATION_STATE_ACTIVE))
    async with database.transaction(organization) as tx:
        await on_identity(tx, [message_of(organization, created, str(organization), 1)])
    return organization


async def open_store(database: Database, organization: UUID, provider: Provider = Provider.SHOPIFY) -> Store:
    """The organisation connects a store."""
    new = NewStore(provider, "Riyadh", f"{uuid4().hex}.myshopify.com", SECRET)
    async with database.transaction(organization) as tx:
        return await connect_store(tx, CLOCK, SEALER, new, "test")


async def open_shop(
    database: Database, *skus: str, organization: UUID | None = None, provider: Provider = Provider.SHOPIFY
) -> Shop:
    """A store is connected, of a new organisation unless one is given, and inventory has items with these SKUs."""
    organization = organization or await open_organization(database)
    shop = Shop(database, organization, await open_store(database, organization, provider))
    for sku in skus:
        await shop.item(sku)
    return shop
