"""MapSku."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from orders.mappings import sql
from orders.mappings.find_items import locks, skus_of
from orders.mappings.map_lines import MOST_ORDERS
from orders.mappings.move_lines import Moved, Said, follow
from orders.mappings.sku import sku_key


class Meaning(NamedTuple):
    """A SKU, exactly as stores write it, and the item that it means."""

    sku: str
    item_id: UUID


@dataclass(frozen=True, slots=True)
class Mapping:
    """What somebody said of a SKU."""

    sku: str
    item_id: UUID
    item_sku: str
    actor: str
    create_time: datetime


async def map_sku(
    tx: Transaction, clock: Clock, meaning: Meaning, actor: str, cause: str, *, most: int = MOST_ORDERS
) -> tuple[Mapping, Moved]:
    """Say which item a SKU means. Lines that wait for it, or took another item, take it in this transaction; where that
    concerns more orders than one takes, the job `map_unfinished` moves the rest. Raises ItemNotFound.
    """
    skus = await skus_of(tx, [meaning.item_id])
    # Who brings an order with this SKU right now waits, or is waited for.
    await tx.execute(sql.LOCK_SKUS, (locks(tx.organization, [sku_key(meaning.sku)]),))
    now = clock.now()
    await tx.execute(sql.MAP, (tx.organization, *meaning, actor, now))
    moved = await follow(tx, clock, Said(meaning.sku, actor, cause), most)
    return Mapping(meaning.sku, meaning.item_id, skus[meaning.item_id], actor, now), moved
