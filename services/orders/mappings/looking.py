"""Lines whose SKU is looked at anew: the items that they take now, and what a person would say has happened."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from uuid import UUID

from orders.mappings.items import Items
from orders.orders.change import Entry
from orders.orders.line import Line
from orders.orders.order import Order, some

NOBODYS: Mapping[UUID, str] = {}


def looked_at(
    order: Order, concerned: Callable[[Line], bool], items: Items, skus: Mapping[UUID, str] = NOBODYS
) -> tuple[Order, list[Entry]]:
    """The order with the items that the SKUs of the concerned lines mean now. `skus`: of items that had one before."""
    lines = tuple(_looked_at(line, items) if concerned(line) else line for line in order.lines)
    pairs = [(was, line) for was, line in zip(order.lines, lines, strict=True) if was.item_id != line.item_id]
    entries: dict[Entry, None] = {}
    found = sorted({line.sku for was, line in pairs if was.item_id is None})
    if found:
        entries[Entry("MAPPED", some(f"an item is known for the SKU {sku} now" for sku in found))] = None
    for was, line in pairs:
        if was.item_id is not None:
            entries[_moved(line, skus.get(was.item_id, ""), skus.get(line.item_id, "") if line.item_id else "")] = None
    return replace(order, lines=lines), list(entries)


def _looked_at(line: Line, items: Items) -> Line:
    meant = items.of(line.sku)
    return replace(line, item_id=meant.item_id, candidates=meant.candidates)


def _moved(line: Line, old: str, new: str) -> Entry:
    message = f"the SKU {line.sku} means another item now" if line.item_id else f"the SKU {line.sku} means no item now"
    return Entry("MAPPED" if line.item_id else "UNMAPPED", message, old=old, new=new)
