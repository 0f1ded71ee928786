"""Take reserved units from whoever holds them."""

from collections.abc import Sequence

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from inventory.errors import DemandNotFound, ReleaseNamesNothing
from inventory.items.get_item import get_item
from inventory.reservations.batch import MOST_DEMANDS, first_batch
from inventory.reservations.ending.holders import Holder, Holders
from inventory.reservations.ending.sql import select_holders
from inventory.reservations.reserve_stock import reserve_stock
from inventory.reservations.sql import select_demand
from inventory.reservations.wish import Asker, ForceRelease, Wish


async def force_release_stock(
    tx: Transaction, clock: Clock, of: Holders, reason: str, asker: Asker, *, dry_run: bool = False
) -> tuple[Sequence[Holder], bool]:
    """What was released, the oldest demands first, and whether more demands match. A dry run releases nothing.

    Raises ReleaseNamesNothing, DemandNotFound, ItemNotFound.
    """
    if of == Holders():
        raise ReleaseNamesNothing
    if of.demand_id and await select_demand(tx, of.demand_id) is None:
        raise DemandNotFound(of.demand_id)
    if of.item_id:
        await get_item(tx, of.item_id)
    found = await select_holders(tx, of.demand_id, of.item_id, of.min_age, MOST_DEMANDS + 1)
    lines = {each.demand_id: each.lines for each in found}
    demands = first_batch(lines.items())
    released = [each for each in found if each.demand_id in demands]
    if released and not dry_run:
        await reserve_stock(
            tx, clock, [Wish(demand_id, ForceRelease(reason, of.item_id), asker) for demand_id in demands]
        )
    return released, len(demands) < len(lines)
