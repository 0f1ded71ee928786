"""A simulated shop, the receiver of its webhooks, and the clock and chance that it runs by."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID, uuid4

from starlette.requests import Request
from starlette.responses import Response

from simulator.shops.sender import Sender
from simulator.shops.shop import Shop, Shops
from simulator.shops.shop_settings import ShopSettings
from simulator.shops.storefront import Storefront

NAME = "riyadh.myshopify.com"
SECRET = "shpss_5f0e7c1d9a2b4c68"
PRODUCTS = [
    {"sku": "MUG-SAND", "title": "Sand mug · كوب رملي", "price": "59.00"},
    {"sku": "DATES-1KG", "title": "Ajwa dates, 1 kg · تمر عجوة", "price": "75.00"},
    {"sku": "OUD", "title": "Oud incense · بخور عود", "price": "89.50"},
    {"sku": "STICKER", "title": "Sticker · ملصق", "price": "0.35"},
]


@dataclass
class Taken:
    """A webhook as it came."""

    headers: Mapping[str, str]
    body: bytes

    @property
    def order(self) -> dict[str, Any]:
        """What it tells of."""
        order: dict[str, Any] = json.loads(self.body)
        return order

    @property
    def ids(self) -> tuple[str, str]:
        """Webhook id and event id."""
        return self.headers["x-shopify-webhook-id"], self.headers["x-shopify-event-id"]

    @property
    def topic(self) -> str:
        """What happened."""
        return self.headers["x-shopify-topic"]


@dataclass
class Receiver:
    """Answers with `answers`, one after the other, and then with 200; "hang" never answers."""

    url: str = ""
    answers: list[int | str] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, request: Request) -> Response:
        """A webhook comes in."""
        self.taken.append(Taken(dict(request.headers), await request.body()))
        answer = self.answers.pop(0) if self.answers else 200
        if isinstance(answer, str):
            await self.released.wait()
            return Response(status_code=200)
        return Response(status_code=answer, headers={"location": self.url} if answer == 302 else None)

    def of(self, order: str) -> list[Taken]:
        """What came of one order, by name."""
        return [taken for taken in self.taken if taken.order.get("name") == order]


class StoppedClock:
    """A clock that shows what it is told, and ids that nobody has."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 2, 11, 2, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    def new_id(self) -> UUID:
        return uuid4()

    def pass_by(self, **time: float) -> None:
        """Time goes on."""
        self.time += timedelta(**time)


@dataclass
class World:
    """One shop and everything around it. `pauses` are the seconds that the sender waited, none of which passed."""

    folder: Path
    receiver: Receiver
    clock: StoppedClock
    shops: Shops
    shop: Shop
    sender: Sender
    storefront: Storefront
    random: Random
    pauses: list[float]

    def settings(self, **more: Any) -> ShopSettings:
        """Settings as the shop's, with some of them changed."""
        return settings_of(self.receiver.url, **more)


def settings_of(url: str, **more: Any) -> ShopSettings:
    """Settings of a shop that sells in riyals."""
    body = {"webhook_url": url, "secret": SECRET, "currency": "SAR", "products": PRODUCTS, **more}
    return ShopSettings.model_validate(body)
