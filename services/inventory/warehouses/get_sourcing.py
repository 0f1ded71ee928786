"""Show how warehouses are chosen."""

from chassis.database.transaction import Transaction
from inventory.warehouses import sql
from inventory.warehouses.known_organization import OrganizationNotKnown
from inventory.warehouses.sourcing import Sourcing


async def get_sourcing(tx: Transaction) -> Sourcing:
    """The organisation's policy. Raises OrganizationNotKnown."""
    sourcing = await sql.select_sourcing(tx)
    if sourcing is None:
        raise OrganizationNotKnown
    return sourcing
