"""People and places of a Shopify order, as the store gave them."""

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
        line1=fields.text("address1"),
        line2=fields.text("address2"),
        city=fields.text("city"),
        region=fields.text("province_code") or fields.text("province"),
        postal_code=fields.text("zip"),
        country_code=fields.text("country_code"),
        phone=fields.text("phone"),
    )
    return found if found != Address() else None


def customer(order: Fields) -> Customer | None:
    """The buyer: the store's customer, or a guest whom only the order describes; None where nothing does."""
    email = order.text("email") or order.text("contact_email")
    phone = order.text("phone")
    fields = order.child("customer")
    if fields is not None:
        return Customer(
            external_id=fields.identifier("id"),
            name=_name(fields),
            email=fields.text("email") or email,
            phone=fields.text("phone") or phone,
        )
    addresses = (address(order, "billing_address"), address(order, "shipping_address"))
    name = next((given.name for given in addresses if given and given.name), "")
    guest = Customer(name=name, email=email, phone=phone)
    return guest if guest != Customer() else None


def _name(fields: Fields) -> str:
    return fields.text("name") or f"{fields.text('first_name')} {fields.text('last_name')}".strip()
