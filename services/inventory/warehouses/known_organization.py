"""Whether inventory has heard of an organisation: identity's event may be a moment behind its first people."""

from uuid import UUID

from chassis.database.transaction import Transaction
from chassis.errors import NotYet, UnavailableForNow
from inventory.warehouses import sql


class OrganizationNotKnown(UnavailableForNow, NotYet):
    """Identity has not told of the organisation yet: a caller is to repeat, a message is tried again."""

    reason = UnavailableForNow.reason

    def __init__(self) -> None:
        super().__init__("identity")


async def named_or_default(tx: Transaction, warehouse_id: UUID | None) -> UUID:
    """The warehouse, or the default one where none is named. Raises OrganizationNotKnown."""
    found = warehouse_id or await sql.default_warehouse(tx)
    if found is None:
        raise OrganizationNotKnown
    return found
