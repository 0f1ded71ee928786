"""What identity tells of an organisation."""

from chassis.database.transaction import Transaction
from orders.stores import sql


async def record_organization(tx: Transaction, state: str, version: int) -> None:
    """Keep the newest state of the transaction's organisation; this service works for it from now on."""
    await tx.execute(sql.RECORD_ORGANIZATION, (tx.organization, state, version))
