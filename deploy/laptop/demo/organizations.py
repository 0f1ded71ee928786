"""Who takes part in the demo: the organisations with their warehouses, and the stores that sell their stock. Pure."""

from typing import NamedTuple

from laptop.demo.catalogue import ITEMS, UNKNOWN_ITEM, WALK_ITEM, Item


class Warehouse(NamedTuple):
    """A warehouse besides the one that each organisation has from its sign-up."""

    code: str
    name: str
    priority: int


class Store(NamedTuple):
    """A store: how it is connected, what its provider's API knows RAPPIT by, and how much it sells.

    step: what the connection is called in the story. credentials: the field of SetStoreCredentials, and the parts of
    what the simulated shop asks for.
    """

    step: str
    provider: str
    name: str
    shop: str
    credentials: tuple[str, tuple[str, ...]]
    currency: str
    orders_per_minute: float


class Organization(NamedTuple):
    """An organisation, the one person in it, and what it has.

    story: the file in which its steps are kept. sold: what its stores sell; stocked: what RAPPIT knows.
    """

    story: str
    name: str
    email: str
    person: str
    warehouses: tuple[Warehouse, ...]
    stores: tuple[Store, ...]
    stocked: tuple[Item, ...]
    sold: tuple[Item, ...]


_SHOPIFY = ("shopify", ("accessToken",))
_WOOCOMMERCE = ("woocommerce", ("consumerKey", "consumerSecret"))

RIYADH = Store("connect_store", "PROVIDER_SHOPIFY", "Riyadh", "riyadh.myshopify.com", _SHOPIFY, "SAR", 8)
JEDDAH = Store("connect_second_store", "PROVIDER_WOOCOMMERCE", "Jeddah", "jeddah.example.com", _WOOCOMMERCE, "SAR", 4)
KUWAIT = Store("connect_store", "PROVIDER_SHOPIFY", "Kuwait", "kuwait.myshopify.com", _SHOPIFY, "KWD", 2)

SOUQ = Organization(
    "demo.json",
    "Souq Al Riyadh",
    "sara@example.com",
    "Sara",
    (Warehouse("JEDDAH", "Jeddah warehouse · مستودع جدة", 200),),
    (RIYADH, JEDDAH),
    (*ITEMS, WALK_ITEM),
    (*ITEMS, UNKNOWN_ITEM),
)
# It has the same codes for goods of its own.
BAZAAR = Organization(
    "demo.other.json",
    "Bazaar Kuwait",
    "yousef@example.com",
    "Yousef",
    (),
    (KUWAIT,),
    tuple(item._replace(shelves=item.shelves[:1]) for item in ITEMS[:12]),
    ITEMS[:12],
)
ORGANIZATIONS = (SOUQ, BAZAAR)
