"""UnmapSku."""

from chassis.database.transaction import Transaction
from orders.errors import MappingNotFound
from orders.mappings import sql


async def unmap_sku(tx: Transaction, sku: str) -> None:
    """Take back what was said of a SKU; lines that have an item keep it. Raises MappingNotFound."""
    if (await tx.execute(sql.UNMAP, (sku,))).rowcount == 0:
        raise MappingNotFound(sku)
