"""ListMappings."""

from chassis.database.transaction import Transaction
from orders.mappings import sql
from orders.mappings.map_sku import Mapping


async def list_mappings(tx: Transaction, after: str, limit: int) -> list[Mapping]:
    """What people said of SKUs, by SKU, from after this one on."""
    rows = await (await tx.execute(sql.LIST, (after, limit))).fetchall()
    return [Mapping(row.sku, row.item_id, row.item_sku, row.actor, row.create_time) for row in rows]
