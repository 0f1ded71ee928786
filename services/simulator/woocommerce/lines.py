"""The lines of an order and what they add up to: amounts without tax, and the tax beside each. Pure."""

from collections.abc import Sequence
from decimal import Decimal

from simulator.shops.checkout import Pieces
from simulator.shops.money import TAX_RATES, Currencies, allocate, smallest
from simulator.shops.product import Product
from simulator.shops.provider import Json

COUPON = "eid10"
_COUPON_SHARE = Decimal("0.10")
_RATE_ID = 1
# Ids of what an order has; lines are counted on from the order's own id, as rows of one table.
_LINES_PER_ORDER = 1_000


def line_id(order_id: int, index: int) -> int:
    """The id of the line, shipping or tax at this index of an order; never given twice."""
    return order_id * _LINES_PER_ORDER + index


def discounts(pieces: Pieces, currencies: Currencies) -> list[Decimal]:
    """What of a coupon falls on each line, tax included."""
    gross = [product.price * units for product, units in pieces]
    whole = currencies.rounded(sum(gross, Decimal(0)) * _COUPON_SHARE)
    return allocate(whole, gross, smallest(currencies.shop))


def line(identifier: int, product: Product, units: int, discount: Decimal, currencies: Currencies) -> Json:
    """A line of so many units, with a discount that includes its tax."""
    before, after = product.price * units, product.price * units - discount
    before_tax, after_tax = currencies.tax_in(before), currencies.tax_in(after)
    text = currencies.text
    taxes = [{"id": _RATE_ID, "total": text(after_tax), "subtotal": text(before_tax)}] if before_tax else []
    return {
        "id": identifier,
        "name": product.title,
        "product_id": identifier_of(product.sku),
        "variation_id": 0,
        "quantity": units,
        "tax_class": "",
        "subtotal": text(before - before_tax),
        "subtotal_tax": text(before_tax),
        "total": text(after - after_tax),
        "total_tax": text(after_tax),
        "taxes": taxes,
        "meta_data": [],
        "sku": product.sku,
        "price": float((after - after_tax) / units),
        "image": {"id": "", "src": ""},
        "parent_name": None,
    }


def identifier_of(sku: str) -> int:
    """The id of a product: small, as posts are numbered."""
    return 10 + sum(byte * (index + 1) for index, byte in enumerate(sku.encode())) % 90_000


def shipping_line(order_id: int, price: Decimal, currencies: Currencies) -> Json:
    """How the order is to be sent."""
    tax = currencies.tax_in(price)
    text = currencies.text
    return {
        "id": line_id(order_id, 900),
        "method_title": "SMSA Express",
        "method_id": "flat_rate" if price else "free_shipping",
        "instance_id": "1",
        "total": text(price - tax),
        "total_tax": text(tax),
        "taxes": [{"id": _RATE_ID, "total": text(tax), "subtotal": ""}] if tax else [],
        "meta_data": [],
    }


def amounts(order: Json) -> Json:
    """The fields of an order that follow its lines."""
    currencies = Currencies(order["currency"], order["currency"])
    lines, shipping = order["line_items"], order["shipping_lines"]
    net, tax = _sum(lines, "total"), _sum(lines, "total_tax")
    shipping_net, shipping_tax = _sum(shipping, "total"), _sum(shipping, "total_tax")
    off, off_tax = _sum(lines, "subtotal") - net, _sum(lines, "subtotal_tax") - tax
    text = currencies.text
    tax_line = {
        "id": line_id(order["id"], 950),
        "rate_code": f"{order['currency']}-VAT-1",
        "rate_id": _RATE_ID,
        "label": "VAT",
        "compound": False,
        "tax_total": text(tax),
        "shipping_tax_total": text(shipping_tax),
        "rate_percent": float(TAX_RATES.get(order["currency"], Decimal(0)) * 100),
        "meta_data": [],
    }
    coupon = {"id": line_id(order["id"], 960), "code": COUPON, "discount": text(off), "discount_tax": text(off_tax)}
    return {
        "discount_total": text(off),
        "discount_tax": text(off_tax),
        "shipping_total": text(shipping_net),
        "shipping_tax": text(shipping_tax),
        "cart_tax": text(tax),
        "total": text(net + tax + shipping_net + shipping_tax),
        "total_tax": text(tax + shipping_tax),
        "tax_lines": [tax_line] if tax or shipping_tax else [],
        "coupon_lines": [coupon | {"meta_data": []}] if off else [],
    }


def _sum(entries: Sequence[Json], name: str) -> Decimal:
    return sum((Decimal(entry[name]) for entry in entries), Decimal(0))
