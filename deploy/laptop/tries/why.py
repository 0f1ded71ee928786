"""Why is this number 47? An item's levels, each with the movements that made it, in words."""

import asyncio
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from laptop.tries.explanation import Names, explanation
from laptop.tries.running import Running
from rappit_client import RappitClient
from rappit_client.errors import OrderNotFound
from rappit_client.inventory import ExplainLevelRequest, Item, LedgerEntry, Level, ListItemsRequest, ListLevelsRequest
from rappit_client.orders import GetOrderRequest, Order

_PAGE = 200
_AT_ONCE = 8


async def why(running: Running, sku: str, *, steps: int) -> bool:
    """Print it; whether the movements add up to each level. An unknown SKU is said, and what it might be."""
    rappit = running.rappit
    if not sku:
        print("say of which item: make why SKU=MUG-WALK")
        return False
    items = [item async for item in rappit.inventory.all_items(ListItemsRequest(sku=sku))]
    if not items:
        print(await _unknown(rappit, sku))
        return False
    (item,) = items
    print(f"{item.sku}  {item.name}")
    request = ListLevelsRequest(item_id=item.id)
    warehouses = [level.warehouse_id async for level in rappit.inventory.all_levels(request)]
    everywhere = [await _explained(rappit, item, warehouse) for warehouse in warehouses]
    explained = [(level, entries) for level, entries in everywhere if entries or level.on_hand]
    if not explained:
        print("nothing of it ever moved: there is none anywhere")
    names = await _names(rappit, [entry for _, entries in explained for entry in entries[:steps]])
    adds_up = True
    for level, entries in explained:
        lines, right = explanation(level, entries, names, steps)
        print("\n" + "\n".join(lines))
        adds_up = adds_up and right
    return adds_up


async def _explained(rappit: RappitClient, item: Item, warehouse_id: str) -> tuple[Level, list[LedgerEntry]]:
    """A level and all of its movements, latest first. Those of later pages are older: the level is of the first."""
    request = ExplainLevelRequest(item_id=item.id, warehouse_id=warehouse_id, page_size=_PAGE)
    page = await rappit.inventory.explain_level(request)
    level, entries = page.level, list(page.entries)
    while page.next_page_token:
        request.page_token = page.next_page_token
        page = await rappit.inventory.explain_level(request)
        entries += page.entries
    return level, entries


async def _names(rappit: RappitClient, entries: Sequence[LedgerEntry]) -> Names:
    """What people call those who moved the units."""
    stores = {store.id: store.name async for store in rappit.orders.all_stores()}
    people = {
        f"user:{member.user_id}": member.display_name or member.email async for member in rappit.identity.all_members()
    }
    orders = await _orders(rappit, {entry.demand_id for entry in entries if entry.demand_id})
    told = {order.id: f"order {order.name} of {stores.get(order.store_id, 'no store')}" for order in orders}
    return Names(orders=told, people=people)


async def _orders(rappit: RappitClient, demands: Iterable[str]) -> list[Order]:
    """Those of the demands that are orders."""
    slots = asyncio.Semaphore(_AT_ONCE)

    async def find(demand: str) -> Order | None:
        async with slots:
            try:
                return (await rappit.orders.get_order(GetOrderRequest(order_id=demand))).order
            except OrderNotFound:
                return None

    return [order for order in await asyncio.gather(*map(find, demands)) if order is not None]


async def _unknown(rappit: RappitClient, sku: str) -> str:
    skus = [item.sku async for item in rappit.inventory.all_items(ListItemsRequest(page_size=_PAGE))]
    waiting = {row.sku: row.order_count async for row in rappit.orders.all_unmapped_skus()}
    lines = [f"RAPPIT has no item with the SKU {sku}"]
    if sku in waiting:
        lines.append(f"  {waiting[sku]:,} orders wait for it: a store sells it, and nobody has made the item")
    alike = get_close_matches(sku.upper(), skus, n=3)
    lines.append(f"  did you mean {' or '.join(alike)}?" if alike else f"  it has {', '.join(skus[:5])}, ...")
    return "\n".join(lines)
