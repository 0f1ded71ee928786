"""A merchant at the public doors: signs up, stocks items, connects a store, and its store sends signed webhooks."""

import asyncio
import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

import httpx2

BODY = json.loads((Path(__file__).parents[2] / "docs" / "guides" / "order.json").read_text())
PASSWORD = "a long walk to the souq"

Json = dict[str, Any]


async def eventually(ask: Callable[[], Awaitable[Any]], holds: Callable[[Any], bool], seconds: float = 20.0) -> Any:
    """The first answer for which `holds`; fails with the last one when the time is over."""
    deadline = time.monotonic() + seconds
    while not holds(answer := await ask()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s; the last answer was {answer}")
        await asyncio.sleep(0.05)
    return answer


class Merchant:
    """One organisation with its admin signed in. Everything goes through the gateway's HTTP."""

    def __init__(self, gateway: str) -> None:
        self.http = httpx2.AsyncClient(base_url=gateway, timeout=15.0)
        self.items: dict[str, str] = {}
        self.store: Json = {}
        self.secret = secrets.token_hex(24)

    @classmethod
    @asynccontextmanager
    async def signed_up(cls, gateway: str) -> AsyncIterator[Self]:
        """A new organisation, when its default warehouse is there."""
        merchant = cls(gateway)
        async with merchant.http:
            await merchant._sign_up()
            yield merchant

    async def _sign_up(self) -> None:
        email = f"{uuid4().hex}@example.com"
        who = {"organizationName": "Souq", "email": email, "password": PASSWORD}
        await self.post("/v1/accounts:signUp", who)
        signed_in = await self.post("/v1/sessions", {"email": email, "password": PASSWORD})
        self.http.headers["Authorization"] = f"Bearer {signed_in['tokens']['accessToken']}"
        await eventually(lambda: self.get("/v1/warehouses"), lambda answer: bool(answer.get("warehouses")))

    async def post(self, path: str, body: Json) -> Json:
        """The answer to an accepted request, under a key of its own."""
        answer = await self.http.post(path, json=body, headers={"Idempotency-Key": str(uuid4())})
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
        return dict(answer.json())

    async def get(self, path: str, **query: Any) -> Json:
        """The answer to an accepted question."""
        answer = await self.http.get(path, params=query)
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
        return dict(answer.json())

    async def stock(self, sku: str, units: int) -> None:
        """Units of an item, which is made when it is new."""
        if sku not in self.items:
            self.items[sku] = (await self.post("/v1/items", {"sku": sku, "name": sku}))["item"]["id"]
        if units:
            reason = "ADJUSTMENT_REASON_RECEIVED"
            await self.post("/v1/levels:adjust", {"itemId": self.items[sku], "delta": units, "reason": reason})

    async def connect(self) -> None:
        """Connect a Shopify store of a name of its own."""
        shop = f"{uuid4().hex[:12]}.myshopify.com"
        store = {"provider": "PROVIDER_SHOPIFY", "name": "Riyadh", "shop": shop, "webhookSecret": self.secret}
        self.store = (await self.post("/v1/stores", store))["store"]

    async def deliver(self, body: Json, topic: str = "orders/create", *, secret: str | None = None) -> int:
        """The HTTP status that the store gets for this webhook."""
        raw = json.dumps(body).encode()
        digest = hmac.new((secret or self.secret).encode(), raw, hashlib.sha256).digest()
        headers = {
            "Content-Type": "application/json",
            "X-Shopify-Topic": topic,
            "X-Shopify-Shop-Domain": self.store["shop"],
            "X-Shopify-Webhook-Id": str(uuid4()),
            "X-Shopify-Hmac-Sha256": base64.b64encode(digest).decode(),
        }
        answer = await self.http.post(self.store["webhookPath"], content=raw, headers=headers)
        return answer.status_code

    async def orders(self, **filters: Any) -> list[Json]:
        """The operator's list."""
        found: list[Json] = (await self.get("/v1/orders", **filters)).get("orders", [])
        return found

    async def order(self, name: str, status: str, seconds: float = 20.0) -> Json:
        """The one order of this name, when it has this status."""

        def has_status(found: list[Json]) -> bool:
            return len(found) == 1 and found[0]["fulfillmentStatus"] == f"FULFILLMENT_STATUS_{status}"

        found: Json = (await eventually(lambda: self.orders(query=name), has_status, seconds))[0]
        return found

    async def level(self, sku: str) -> tuple[int, int, int]:
        """Units on hand, reserved and available."""
        level = (await self.get("/v1/levels", itemId=self.items[sku]))["levels"][0]
        return tuple(int(level.get(name, 0)) for name in ("onHand", "reserved", "available"))  # type: ignore[return-value]


def order_of(name: str, *lines: tuple[str, int], updated: str = "2026-11-02T14:02:00+03:00", **fields: Any) -> Json:
    """A real-shaped order of a Shopify store: its name ("#1001"), and (SKU, units) per line."""
    number = int(name.removeprefix("#"))
    body: Json = deepcopy(BODY) | {"id": 6_400_000_000_000_000_000 + number, "name": name, "updated_at": updated}
    pattern = body["line_items"][0]
    body["line_items"] = [
        pattern
        | {
            "id": body["id"] * 100 + n,
            "sku": sku,
            "quantity": units,
            "current_quantity": units,
            "fulfillable_quantity": units,
        }
        for n, (sku, units) in enumerate(lines)
    ]
    return body | fields
