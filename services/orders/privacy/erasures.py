"""Of which orders the people are not kept, as it stands once the orders are locked."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from chassis.database.transaction import Transaction
from orders.orders.order import Order
from orders.orders.snapshot import Snapshot
from orders.privacy import sql
from orders.privacy.privacy_request import without_person


class Erasure(NamedTuple):
    """erased: the order's person was. until: when the store had all of its persons erased."""

    erased: bool = False
    until: datetime | None = None

    def kept(self, snapshot: Snapshot, time: datetime) -> Snapshot:
        """What came in at that time, as far as it may be kept."""
        gone = self.erased or (self.until is not None and time <= self.until)
        return without_person(snapshot) if gone else snapshot


async def erasures(tx: Transaction, locked: Sequence[Order]) -> dict[tuple[str, str], Erasure]:
    """Those that there are, by the orders' keys; at most one statement.

    Whoever erases an order locks it, and says so before: what was said of it before the lock may be true no more.
    """
    keys = {(order.store_id, order.snapshot.external_id): order.key for order in locked if order.store_id}
    if not keys:
        return {}
    store_ids, external_ids = zip(*keys, strict=True)
    found = await (await tx.execute(sql.ERASURES, (list(store_ids), list(external_ids)))).fetchall()
    return {keys[row.store_id, row.external_id]: Erasure(row.erased, row.until) for row in found}
