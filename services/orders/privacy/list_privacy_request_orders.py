"""ListPrivacyRequestOrders."""

from typing import NamedTuple
from uuid import UUID

from chassis.database.transaction import Transaction
from orders.errors import PrivacyRequestNotFound
from orders.privacy import sql

_BEGINNING = UUID(int=0)


class FoundOrder(NamedTuple):
    """An order that a request found."""

    id: UUID
    external_id: str
    name: str


async def list_privacy_request_orders(
    tx: Transaction, request_id: UUID, after: UUID | None, limit: int
) -> list[FoundOrder]:
    """Orders that a request found, after this one, oldest first. Raises PrivacyRequestNotFound."""
    if (await tx.execute(sql.EXISTS, (request_id,))).rowcount == 0:
        raise PrivacyRequestNotFound(request_id)
    rows = await (await tx.execute(sql.ORDERS_OF, (request_id, after or _BEGINNING, limit))).fetchall()
    return [FoundOrder(*row) for row in rows]
