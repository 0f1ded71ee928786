"""UnmapSku."""

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from orders.errors import MappingNotFound
from orders.mappings import sql
from orders.mappings.find_items import locks
from orders.mappings.move_lines import Moved, Said, follow
from orders.mappings.sku import sku_key


async def unmap_sku(tx: Transaction, clock: Clock, sku: str, actor: str, cause: str) -> Moved:
    """Take back what was said of a SKU. Its lines take the item that it means by itself, or wait for one, as after
    `map_sku`. Raises MappingNotFound.
    """
    await tx.execute(sql.LOCK_SKUS, (locks(tx.organization, [sku_key(sku)]),))
    if (await tx.execute(sql.UNMAP, (sku,))).rowcount == 0:
        raise MappingNotFound(sku)
    return await follow(tx, clock, Said(sku, actor, cause))
