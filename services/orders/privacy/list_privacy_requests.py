"""ListPrivacyRequests."""

from datetime import datetime
from uuid import UUID

from chassis.database.transaction import Transaction
from orders.privacy import sql
from orders.privacy.privacy_request import KeptRequest
from orders.providers.reading import PrivacyKind


async def list_privacy_requests(
    tx: Transaction, store_id: UUID | None, after: tuple[datetime, UUID] | None, limit: int
) -> list[KeptRequest]:
    """What stores asked, latest first, from after this request on; of all stores where none is given."""
    time, request_id = after or (None, None)
    values = {"store": store_id, "time": time, "id": request_id, "most": limit}
    rows = await (await tx.execute(sql.LIST, values)).fetchall()
    return [KeptRequest(row.id, row.store_id, PrivacyKind(row.kind), *row[3:]) for row in rows]
