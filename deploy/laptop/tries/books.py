"""What RAPPIT says of an item that was tried: its orders, its levels, its ledger. By the public API."""

import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from laptop.tries.until import until
from rappit_client import RappitClient
from rappit_client.inventory import (
    AdjustmentReason,
    AdjustStockRequest,
    CreateItemRequest,
    ExplainLevelRequest,
    Item,
    LedgerEntry,
    ListLevelsRequest,
    MovementKind,
)
from rappit_client.orders import (
    FulfillmentStatus,
    GetOrderRequest,
    ListDeliveriesRequest,
    ListOrdersRequest,
    ListTimelineEntriesRequest,
    Order,
)

NEW = FulfillmentStatus.FULFILLMENT_STATUS_NEW
RESERVED = FulfillmentStatus.FULFILLMENT_STATUS_RESERVED
SHORT = FulfillmentStatus.FULFILLMENT_STATUS_SHORT
_PAGE, _PAGE_OF_ORDERS = 200, 50


@dataclass(frozen=True)
class Books:
    """An item's levels in all warehouses together, and their ledger, latest first."""

    on_hand: int
    reserved: int
    available: int
    entries: tuple[LedgerEntry, ...]

    @property
    def reserved_by_ledger(self) -> int:
        """What the ledger's movements leave reserved."""
        return sum(entry.reserved_delta for entry in self.entries)

    @property
    def reservations(self) -> list[str]:
        """The demand of each movement that reserved something."""
        kind = MovementKind.MOVEMENT_KIND_RESERVED
        return [entry.demand_id for entry in self.entries if entry.kind == kind]


def run_number() -> int:
    """A number that no other try has: of the present second."""
    return int(time.time()) % 10**8


async def make_item(rappit: RappitClient, sku: str, units: int) -> Item:
    """A new item with so many units in the default warehouse."""
    item = (await rappit.inventory.create_item(CreateItemRequest(sku=sku, name=f"{sku}, to be tried"))).item
    opening = AdjustmentReason.ADJUSTMENT_REASON_OPENING
    await rappit.inventory.adjust_stock(AdjustStockRequest(item_id=item.id, delta=units, reason=opening))
    return item


async def orders_of(rappit: RappitClient, sku: str) -> list[Order]:
    """All orders of the item."""
    return [order async for order in rappit.orders.all_orders(ListOrdersRequest(query=sku, page_size=_PAGE_OF_ORDERS))]


async def decided(rappit: RappitClient, sku: str, names: Collection[str]) -> list[Order]:
    """All orders of the item, when those of these names are there and decided. Raises NotInTime."""
    undecided = ListOrdersRequest(query=sku, fulfillment_statuses=[NEW], page_size=1)

    async def ask() -> list[Order]:
        # All are many pages: read when none that is there is undecided.
        if (await rappit.orders.list_orders(undecided)).orders:
            return []
        return await orders_of(rappit, sku)

    def holds(orders: list[Order]) -> bool:
        return set(names) <= {order.name for order in orders if order.fulfillment_status != NEW}

    return await until("every order decided", ask, holds)


async def decided_so_far(rappit: RappitClient, sku: str) -> list[Order]:
    """Those orders of the item that are reserved or short."""
    request = ListOrdersRequest(query=sku, fulfillment_statuses=[RESERVED, SHORT], page_size=_PAGE_OF_ORDERS)
    return [order async for order in rappit.orders.all_orders(request)]


async def timeline(rappit: RappitClient, order_id: str) -> list[str]:
    """What happened to the order, in words, oldest first."""
    request = ListTimelineEntriesRequest(order_id=order_id, page_size=_PAGE)
    return [entry.message async for entry in rappit.orders.all_timeline_entries(request)]


async def noted(rappit: RappitClient, order_id: str, note: str) -> None:
    """Return when the order has this buyer's note: whatever its store sent before was read. Raises NotInTime."""
    request = GetOrderRequest(order_id=order_id)
    await until("the note", lambda: rappit.orders.get_order(request), lambda answer: answer.order.note == note)


async def kept_deliveries(rappit: RappitClient, since: datetime, digests: Collection[str]) -> list[str]:
    """Of these digests of bodies, those of deliveries that RAPPIT has received since, each as often as it has."""
    request = ListDeliveriesRequest(page_size=_PAGE_OF_ORDERS)
    request.received_from.FromDatetime(since)
    return [each.body_sha256 async for each in rappit.orders.all_deliveries(request) if each.body_sha256 in digests]


async def reserved_units(rappit: RappitClient, item_id: str) -> int:
    """Units of the item that are reserved, in all warehouses."""
    request = ListLevelsRequest(item_id=item_id)
    return sum([level.reserved async for level in rappit.inventory.all_levels(request)])


async def read_books(rappit: RappitClient, item_id: str) -> Books:
    """The item's levels, each explained from its first movement on."""
    levels = [level async for level in rappit.inventory.all_levels(ListLevelsRequest(item_id=item_id))]
    entries: list[LedgerEntry] = []
    for level in levels:
        request = ExplainLevelRequest(item_id=item_id, warehouse_id=level.warehouse_id, page_size=_PAGE)
        entries += [entry async for entry in rappit.inventory.all_explain_level_entries(request)]
    return Books(
        on_hand=sum(level.on_hand for level in levels),
        reserved=sum(level.reserved for level in levels),
        available=sum(level.available for level in levels),
        entries=tuple(entries),
    )
