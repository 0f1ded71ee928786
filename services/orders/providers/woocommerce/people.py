"""People and places of a WooCommerce order, as the store gave them."""

from orders.orders.snapshot import Address, Customer
from orders.providers.fields import Fields


def address(order: Fields, name: str) -> Address | None:
    """One of the order's addresses; None where the store gave none, or an empty one."""
    fields = order.child(name)
    if fields is None:
        return None
    found = Address(
        name=_name(fields),
        company=fields.text("company"),
        line1=fields.text("address_1"),
        line2=fields.text("address_2"),
        city=fields.text("city"),
        region=fields.text("state"),
        postal_code=fields.text("postcode"),
        country_code=fields.text("country"),
        phone=fields.text("phone"),
    )
    return found if found != Address() else None


def customer(order: Fields) -> Customer | None:
    """The buyer, whom the billing address describes; a guest has the customer id 0."""
    billing = order.child("billing") or Fields({})
    shipping = order.child("shipping") or Fields({})
    found = Customer(
        external_id=order.identifier("customer_id") if order.positive("customer_id") else "",
        name=_name(billing) or _name(shipping),
        email=billing.text("email"),
        phone=billing.text("phone"),
    )
    return found if found != Customer() else None


def _name(fields: Fields) -> str:
    return f"{fields.text('first_name')} {fields.text('last_name')}".strip()
