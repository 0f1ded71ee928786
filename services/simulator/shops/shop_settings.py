"""What a shop is told to be: the body of `PUT /shops/{shop}`."""

import json
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from simulator.faults import FaultShares
from simulator.shops.checkout import CheckoutShares
from simulator.shops.files import write
from simulator.shops.money import PER_DOLLAR, smallest
from simulator.shops.product import Product

MOST_OPEN = 150


def _url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("is no http or https URL")
    return text


class Shares(FaultShares, CheckoutShares):
    """What happens in a shop by itself: shares of new orders, 0 to 1.

    pay, update, cancel, edit: beside so many new orders an earlier one is changed so.
    """

    pay: float = Field(default=0.40, ge=0, le=1)
    update: float = Field(default=0.05, ge=0, le=1)
    cancel: float = Field(default=0.08, ge=0, le=1)
    edit: float = Field(default=0.0, ge=0, le=1)


class Retries(BaseModel):
    """When a delivery that was not taken is sent again: `count` times, the first after `first_seconds`, each further
    after twice as long. Shopify's eight take four hours in all; these take four minutes.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    count: int = Field(default=8, ge=0, le=20)
    first_seconds: float = Field(default=1.0, ge=0, le=3600)

    def pauses(self) -> list[float]:
        """Seconds to wait before each."""
        return [self.first_seconds * 2**retry for retry in range(self.count)]


class ShopSettings(BaseModel):
    """The settings of a shop.

    most_open_orders: with more open than so many, the oldest are packed and leave; without it nothing does.
    speed: how much faster than the clock the shop lives: it sells so much more often, and is late by so much less. An
    outage takes as long as it takes, so retries keep their pauses; and the time of day is the clock's.
    buyers_currencies: those of buyers who have another one than the shop's (`shares.foreign`).
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    webhook_url: Annotated[str, AfterValidator(_url)]
    secret: SecretStr = Field(min_length=1)
    currency: str = Field(pattern="^[A-Z]{3}$")
    products: list[Product] = Field(min_length=1, max_length=1_000)  # of a tuple pydantic would complain twice
    rate_per_minute: float = Field(default=0.0, ge=0, le=600)
    shares: Shares = Shares()
    most_open_orders: int | None = Field(default=None, ge=1, le=MOST_OPEN)
    speed: float = Field(default=1.0, ge=0.01, le=1_000)
    buyers_currencies: list[str] = list(PER_DOLLAR)
    retries: Retries | None = None  # as the provider does it
    api_credential: SecretStr | None = None


def disagreements(settings: ShopSettings) -> list[tuple[str, str]]:
    """What is wrong though each field by itself is right: (field, problem)."""
    found, seen = [], set()
    for index, product in enumerate(settings.products):
        if product.price % smallest(settings.currency):
            found.append((f"products[{index}].price", f"is finer than {settings.currency} is"))
        if product.sku in seen:
            found.append((f"products[{index}].sku", "stands in two products"))
        seen.add(product.sku)
    for index, currency in enumerate(settings.buyers_currencies):
        if currency not in PER_DOLLAR:
            found.append((f"buyers_currencies[{index}]", "is none whose rate is known"))
    return found


def save_settings(file: Path, settings: ShopSettings) -> None:
    """Keep the settings, secret and all."""
    secrets = {name: value.get_secret_value() for name, value in settings if isinstance(value, SecretStr)}
    write(file, json.dumps(settings.model_dump(mode="json") | secrets))


def load_settings(file: Path) -> ShopSettings:
    """The settings as they were kept, without what only an older simulator knew."""
    kept = json.loads(file.read_text())
    known = {name: value for name, value in kept.items() if name in ShopSettings.model_fields}
    shares = {name: value for name, value in kept["shares"].items() if name in Shares.model_fields}
    return ShopSettings.model_validate(known | {"shares": shares})
