"""The lines of an order and of its shipping. Pure."""

from collections.abc import Sequence
from decimal import Decimal

from simulator.shopify.identifiers import Identifiers, Part, gid
from simulator.shopify.money import Currencies
from simulator.shops.money import allocate, smallest
from simulator.shops.product import Product
from simulator.shops.provider import Json

CARRIER = "SMSA Express"
DISCOUNT_CODE = "EID10"
DISCOUNT_SHARE = Decimal("0.10")


def discounts(pieces: Sequence[tuple[Product, int]], currencies: Currencies) -> list[Decimal]:
    """What of the whole discount falls on each line: it is rounded once and then allocated."""
    gross = [product.price * units for product, units in pieces]
    whole = currencies.rounded(sum(gross, Decimal(0)) * DISCOUNT_SHARE)
    return allocate(whole, gross, smallest(currencies.shop))


def line(
    ids: Identifiers,
    number: int,
    index: int,
    *,
    product: Product,
    units: int,
    discount: Decimal,
    currencies: Currencies,
) -> Json:
    """The line at this index of the order with this number.

    Its discount is allocated; `total_discount` is of an older kind.
    """
    identifier = ids.part(Part.LINE, number, index)
    allocations = [
        {
            "amount": currencies.text(discount),
            "amount_set": currencies.both(discount),
            "discount_application_index": 0,
        }
    ]
    return {
        "id": identifier,
        "admin_graphql_api_id": gid("LineItem", identifier),
        "attributed_staffs": [],
        "current_quantity": units,
        "fulfillable_quantity": units,
        "fulfillment_service": "manual",
        "fulfillment_status": None,
        "gift_card": False,
        "grams": product.grams,
        "name": product.title,
        **currencies.fields("price", product.price),
        "product_exists": True,
        "product_id": ids.product(product.sku),
        "properties": [],
        "quantity": units,
        "requires_shipping": True,
        "sku": product.sku,
        "taxable": True,
        "title": product.title,
        **currencies.fields("total_discount", Decimal(0)),
        "variant_id": ids.product(product.sku) + 1,
        "variant_inventory_management": "shopify",
        "variant_title": None,
        "vendor": ids.shop.partition(".")[0],
        "tax_lines": currencies.tax_lines(currencies.tax_in(product.price * units - discount)),
        "duties": [],
        "discount_allocations": allocations if discount else [],
    }


def shipping_line(ids: Identifiers, number: int, price: Decimal, currencies: Currencies) -> Json:
    """How the order is to be sent."""
    return {
        "id": ids.part(Part.SHIPPING_LINE, number, 0),
        "carrier_identifier": None,
        "code": CARRIER,
        **currencies.fields("discounted_price", price),
        "is_removed": False,
        "phone": None,
        **currencies.fields("price", price),
        "requested_fulfillment_service_id": None,
        "source": "shopify",
        "title": CARRIER,
        "tax_lines": currencies.tax_lines(currencies.tax_in(price)),
        "discount_allocations": [],
    }


def discount_fields(whole: Decimal, currencies: Currencies) -> Json:
    """What an order says of its discount; empty lists where it has none."""
    if not whole:
        return {"discount_codes": [], "discount_applications": []}
    application = {
        "target_type": "line_item",
        "type": "discount_code",
        "value": f"{DISCOUNT_SHARE * 100:.1f}",
        "value_type": "percentage",
        "allocation_method": "across",
        "target_selection": "all",
        "code": DISCOUNT_CODE,
    }
    return {
        "discount_codes": [{"code": DISCOUNT_CODE, "amount": currencies.text(whole), "type": "percentage"}],
        "discount_applications": [application],
    }
