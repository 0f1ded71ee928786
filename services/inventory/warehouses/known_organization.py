"""Whether inventory has heard of an organisation: identity's event may be a moment behind its first people."""

from uuid import UUID

from chassis.database.transaction import Transaction
from chassis.errors import UnavailableForNow
from inventory.warehouses import sql

# Who has not told us yet.
PART = "identity"


async def check_known(tx: Transaction) -> None:
    """Raises UnavailableForNow while the transaction's organisation is not known here."""
    if not await sql.is_known(tx):
        raise UnavailableForNow(PART)


async def named_or_default(tx: Transaction, warehouse_id: UUID | None) -> UUID:
    """The warehouse, or the default one where none is named. Raises UnavailableForNow while there is none."""
    found = warehouse_id or await sql.default_warehouse(tx)
    if found is None:
        raise UnavailableForNow(PART)
    return found
