"""The lines of a WooCommerce order: what was ordered, what is still wanted, what left."""

from collections import Counter
from collections.abc import Mapping, Sequence
from html import unescape
from typing import NamedTuple

from orders.orders.snapshot import LineKind, SnapshotLine
from orders.providers.fields import Fields
from orders.providers.woocommerce.amounts import Money

# In a refund's line, the order's line that it takes units of.
_REFUNDED_LINE = "_refunded_item_id"


class Read(NamedTuple):
    """A line, and its amount before discounts, of which the price of one unit may be a rounded part."""

    line: SnapshotLine
    subtotal: int


def lines(
    order: Fields, money: Money, *, left: bool, refunded: bool, units_refunded: Mapping[str, int]
) -> tuple[Read, ...]:
    """The lines in the store's order. left: all of them left. refunded: no more is wanted than what left.
    units_refunded: by line, as far as it is known.
    """
    found: dict[str, Read] = {}
    for line in order.children("line_items"):
        external_id = line.identifier("id")
        if external_id in found:
            raise line.wrong("id", "stands in two lines")
        ordered = line.quantity("quantity")
        fulfilled = ordered if left else 0
        still = 0 if refunded else max(ordered - units_refunded.get(external_id, 0), 0)
        subtotal = money.amount(line, "subtotal")
        title, variant = _titles(line)
        said = SnapshotLine(
            external_id=external_id,
            sku=line.key("sku"),
            title=title,
            variant_title=variant,
            kind=_kind(line),
            ordered=ordered,
            wanted=max(still, fulfilled),
            fulfilled=fulfilled,
            # The store gives the line's amount alone; a third of it may be finer than the currency.
            unit_price=round(subtotal / ordered) if ordered else 0,
            discount=subtotal - money.amount(line, "total"),
            tax=money.amount(line, "total_tax", 0),
        )
        found[external_id] = Read(said, subtotal)
    return tuple(found.values())


def refunded_units(refunds: Sequence[Fields]) -> Counter[str]:
    """Units by the order's line, of refunds as the API gives them; deliveries hold sums alone."""
    units: Counter[str] = Counter()
    for refund in refunds:
        for entry in refund.children("line_items"):
            for meta in entry.children("meta_data"):
                if meta.is_text("key", _REFUNDED_LINE):
                    units[meta.identifier("value")] += entry.magnitude("quantity")
    return units


def _titles(line: Fields) -> tuple[str, str]:
    """Name of the product, and of its variation where the body tells the two apart."""
    name, product = unescape(line.text("name")), unescape(line.text("parent_name"))
    if product and name.startswith(f"{product} - "):
        return product, name.removeprefix(f"{product} - ")
    return name, ""


def _kind(line: Fields) -> LineKind:
    """Typed by hand, or of a product that is gone, where nothing says which it was. What is virtual is not told."""
    if line.text("sku") or line.positive("product_id") or line.positive("variation_id"):
        return LineKind.STOCKED
    return LineKind.CUSTOM
