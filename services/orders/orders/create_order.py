"""CreateOrder."""

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from orders.errors import OrderAlreadyExists
from orders.mappings.find_items import skus_of
from orders.orders.apply_snapshot import Arrival, apply_snapshot
from orders.orders.difference import Entered
from orders.orders.load_orders import lock_orders_by_key
from orders.orders.new_order import NewOrder
from orders.orders.order import Order


async def create_order(tx: Transaction, clock: Clock, new: NewOrder, actor: str, cause: str) -> Order:
    """Enter an order that comes from no store, by the way that all orders come in. A repeat gives the order that is
    there, as it is now. Raises ItemNotFound, OrderAlreadyExists.
    """
    skus = await skus_of(tx, {line.item_id for line in new.lines if line.item_id})
    now = clock.now()
    snapshot = new.snapshot(new.external_id or str(clock.new_id()), skus, now)
    items = {str(number): line.item_id for number, line in enumerate(new.lines, start=1) if line.item_id}
    arrival = Arrival(None, snapshot, cause, now, Entered(actor, items, new.tags))
    changes = await apply_snapshot(tx, clock, [arrival])
    if changes and changes[0].before is None:
        return changes[0].after
    # Another with this external id was there first; if it changed by this one, that is rolled back.
    (known,) = await lock_orders_by_key(tx, [arrival.key])
    if changes or known.snapshot.rank.digest != new.digest:
        raise OrderAlreadyExists(snapshot.external_id, known.id)
    return known
