"""How one organisation of the demo is made, step by step."""

import asyncio
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import chain

from laptop.demo.catalogue import Item
from laptop.demo.doors import PATIENCE_SECONDS, DemoFailed, accepted, open_door, side_by_side
from laptop.demo.made import Door, Member, Place
from laptop.demo.organizations import Organization, Store
from laptop.demo.shop import shop_of
from laptop.demo.story import Story


@dataclass(frozen=True)
class Making:
    """The steps; each that was done in an earlier start is only looked up."""

    story: Story
    organization: Organization
    gateway: str
    simulator: str
    say: Callable[[str], None]
    speed: float

    async def make(self) -> Member:
        """The organisation with its items and stores; the stores sell from now on. Raises DemoFailed."""
        story, organization = self.story, self.organization
        password = story.remember("password", lambda: secrets.token_urlsafe(15))
        secret = story.remember("webhook_secret", lambda: secrets.token_hex(24))
        await self._sign_up(password)
        warehouses = await self._warehouses()
        items = organization.stocked
        if not all(story.tells(f"stock {item.sku}") for item in items):
            self.say(f"demo: {len(items)} items of {organization.name} with opening stock")
        places = await side_by_side(partial(self._stock, item, warehouses) for item in items)
        doors = await side_by_side(partial(self._connect, store, secret) for store in organization.stores)
        return Member(organization.name, organization.email, password, tuple(doors), tuple(chain(*places)))

    async def _sign_up(self, password: str) -> None:
        organization = self.organization
        person = {
            "organizationName": organization.name,
            "email": organization.email,
            "password": password,
            "displayName": organization.person,
        }
        if not self.story.tells("sign_up"):
            self.say(f"demo: signing up {organization.name}")
        await self.story.post("sign_up", "/v1/accounts:signUp", person)
        await self.story.sign_in(organization.email, password)

    async def _warehouses(self) -> list[tuple[str, str]]:
        """Id and code of each of the organisation's warehouses; the default one appears a moment after the sign-up."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (found := (await self.story.get("/v1/warehouses")).get("warehouses")):
            if time.monotonic() > deadline:
                raise DemoFailed("default warehouse", f"it did not appear within {PATIENCE_SECONDS:.0f} s")
            await asyncio.sleep(0.1)
        default = next(warehouse for warehouse in found if warehouse["isDefault"])
        more = [
            (await self.story.post(f"warehouse {new.code}", "/v1/warehouses", new._asdict()))["warehouse"]
            for new in self.organization.warehouses
        ]
        return [(warehouse["id"], warehouse["code"]) for warehouse in (default, *more)]

    async def _stock(self, item: Item, warehouses: list[tuple[str, str]]) -> list[Place]:
        new = {"sku": item.sku, "name": item.name}
        made = (await self.story.post(f"create {item.sku}", "/v1/items", new))["item"]
        places = [
            Place(made["id"], warehouse, item.sku, code, shelf)
            for (warehouse, code), shelf in zip(warehouses, item.shelves, strict=False)
        ]
        for number, place in enumerate(places):
            step = f"stock {item.sku}" + (f" in {place.warehouse}" if number else "")
            await self.story.post(step, "/v1/levels:adjust", opening(place))
        return places

    async def _connect(self, store: Store, secret: str) -> Door:
        """Connect the store, tell RAPPIT where its API is in this run, and let it sell."""
        if not self.story.tells(store.step):
            self.say(f"demo: connecting {store.shop}")
        connection = {"provider": store.provider, "name": store.name, "shop": store.shop, "webhookSecret": secret}
        connected = (await self.story.post(store.step, "/v1/stores", connection))["store"]
        field, parts = store.credentials
        credentials = {field: dict.fromkeys(parts, secret), "apiAddress": f"{self.simulator}/shops/{store.shop}"}
        path = f"/v1/stores/{connected['id']}:setCredentials"
        await self.story.say_again(f"credentials of {store.shop}", path, credentials)
        door = Door(connected["id"], f"{self.gateway}{connected['webhookPath']}", store.shop, secret)
        shop = shop_of(self.organization, store, door, self.speed)
        async with open_door(self.simulator) as control:
            await accepted("open the simulated shop", lambda: control.put(f"/shops/{store.shop}", json=shop))
        return door


def opening(place: Place) -> dict[str, object]:
    """The first count of an item in a warehouse: the body of AdjustStock."""
    return {
        "itemId": place.item_id,
        "warehouseId": place.warehouse_id,
        "delta": place.shelf.full,
        "reason": "ADJUSTMENT_REASON_OPENING",
    }
