"""Who keeps the demo's shelves filled: looks at the levels as an operator does, and receives what suppliers bring."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime
from random import Random
from typing import Any

import httpx2

from laptop.demo.doors import open_door
from laptop.demo.made import Demo, Member
from laptop.demo.supply import Level, Receipt, Supply

Tell = Callable[[Mapping[str, Any]], None]

LOOK_SECONDS = 5.0
# However fast the stores live: an account may ask ten times a second, and goods are received meanwhile.
_LEAST_LOOK_SECONDS = 0.5
_UNAUTHENTICATED = 401
_PAGE = 200


class Operator:
    """One person of an organisation, signed in anew whenever a session has ended."""

    def __init__(self, member: Member, gateway: httpx2.AsyncClient, supply: Supply, tell: Tell) -> None:
        self._member = member
        self._gateway = gateway
        self._supply = supply
        self._tell = tell

    async def look(self, now: float) -> None:
        """Order what is low and receive what came. Raises httpx2.HTTPError where the gateway is away or refuses."""
        self._supply.order(await self._available(), now)
        for receipt in self._supply.arrived(now):
            await self._receive(receipt)

    async def _available(self) -> dict[Level, int]:
        found: dict[Level, int] = {}
        token = ""
        while True:
            page = await self._ask("GET", "/v1/levels", params={"pageSize": _PAGE, "pageToken": token})
            for level in page["levels"]:
                found[(level["itemId"], level["warehouseId"])] = int(level["available"])
            token = page.get("nextPageToken", "")
            if not token:
                return found

    async def _receive(self, receipt: Receipt) -> None:
        """The same key at each try: what was received and not heard of is not received twice."""
        place = receipt.place
        goods = {
            "itemId": place.item_id,
            "warehouseId": place.warehouse_id,
            "delta": receipt.units,
            "reason": "ADJUSTMENT_REASON_RECEIVED",
        }
        await self._ask("POST", "/v1/levels:adjust", json=goods, headers={"Idempotency-Key": receipt.key})
        self._supply.put_away(receipt)
        where = {"organization": self._member.name, "sku": place.sku, "warehouse": place.warehouse}
        self._tell(_event("goods received", units=receipt.units, **where))

    async def _ask(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        answer = await self._gateway.request(method, path, **more)
        if answer.status_code == _UNAUTHENTICATED:
            await self._sign_in()
            answer = await self._gateway.request(method, path, **more)
        found: dict[str, Any] = answer.raise_for_status().json()
        return found

    async def _sign_in(self) -> None:
        person = {"email": self._member.email, "password": self._member.password}
        tokens = (await self._gateway.post("/v1/sessions", json=person)).raise_for_status().json()["tokens"]
        self._gateway.headers["Authorization"] = f"Bearer {tokens['accessToken']}"


@contextlib.asynccontextmanager
async def receiving(demo: Demo, tell: Tell) -> AsyncIterator[None]:
    """Goods are received meanwhile, in both organisations; `tell` hears of it in events as of a log."""
    async with asyncio.TaskGroup() as group:
        operators = [group.create_task(_work(demo, member, tell)) for member in (demo.member, demo.other)]
        try:
            yield
        finally:
            for operator in operators:
                operator.cancel()


async def _work(demo: Demo, member: Member, tell: Tell) -> None:
    """Look again and again; while nobody answers, what came waits at the dock."""
    pause = max(LOOK_SECONDS / demo.speed, _LEAST_LOOK_SECONDS)
    async with open_door(demo.gateway) as gateway:
        operator = Operator(member, gateway, Supply(member.places, Random(), demo.speed), tell)
        while True:
            await asyncio.sleep(pause)
            try:
                await operator.look(time.monotonic())
            except httpx2.HTTPError as error:
                tell(_event("goods wait", organization=member.name, error=str(error) or type(error).__name__))
                await asyncio.sleep(LOOK_SECONDS)


def _event(event: str, **facts: object) -> dict[str, Any]:
    return {"event": event, "service": "demo", "time": datetime.now(UTC).isoformat(), **facts}
