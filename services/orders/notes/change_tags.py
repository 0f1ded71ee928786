"""ChangeTags."""

from dataclasses import dataclass, replace
from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from orders.errors import TooManyTags
from orders.orders.change import Entry, settle
from orders.orders.load_orders import lock_order_as_seen
from orders.orders.order import Order
from orders.orders.save_changes import save_changes

MOST_TAGS = 50


@dataclass(frozen=True)
class TagChange:
    """Tags to add and to remove; `replace_all` removes all others. `etag`: of the order that was seen; empty: any."""

    order_id: UUID
    add: frozenset[str]
    remove: frozenset[str]
    replace_all: bool
    etag: str


async def change_tags(tx: Transaction, clock: Clock, wish: TagChange, actor: str, cause: str) -> Order:
    """Change the tags that people here gave an order. Raises OrderNotFound, TooManyTags, ChangedMeanwhile."""
    order = await lock_order_as_seen(tx, wish.order_id, wish.etag)
    kept = frozenset[str]() if wish.replace_all else frozenset(order.own_tags) - wish.remove
    tags = tuple(sorted(kept | wish.add))
    if len(tags) > MOST_TAGS:
        raise TooManyTags(order.id, MOST_TAGS)
    if tags == order.own_tags:
        return order
    entry = Entry("TAGS_CHANGED", "tags", old=", ".join(order.own_tags), new=", ".join(tags))
    change = settle(order, replace(order, own_tags=tags), [entry], actor=actor, cause=cause, now=clock.now())
    await save_changes(tx, clock, [change])
    return change.after
