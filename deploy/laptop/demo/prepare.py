"""Makes what is missing of the demo. What does not depend on each other is done side by side."""

import asyncio
import secrets
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from laptop.demo.catalogue import Item
from laptop.demo.doors import PATIENCE_SECONDS, DemoFailed, accepted, open_door, side_by_side
from laptop.demo.made import Demo, Door, Member, write_environment
from laptop.demo.organizations import BAZAAR, SOUQ, Organization, Store
from laptop.demo.story import Story

Say = Callable[[str], None]


async def prepare(folder: Path, gateway: str, simulator: str, say: Say) -> Demo:
    """Make what is missing of the demo, set the simulated stores to work, and write `demo.env` for the shell."""
    members: dict[str, Member] = {}

    async def make(organization: Organization) -> None:
        story = Story(folder / organization.story, gateway)
        try:
            members[organization.name] = await _make(story, organization, gateway, simulator, say)
        finally:
            await story.close()

    await side_by_side([partial(make, SOUQ), partial(make, BAZAAR)])
    demo = Demo(gateway, simulator, members[SOUQ.name], members[BAZAAR.name])
    write_environment(folder, demo)
    return demo


async def _make(story: Story, organization: Organization, gateway: str, simulator: str, say: Say) -> Member:
    password = story.remember("password", lambda: secrets.token_urlsafe(15))
    secret = story.remember("webhook_secret", lambda: secrets.token_hex(24))
    await _sign_up(story, organization, password, say)
    warehouses = await _warehouses(story, organization)
    if not all(story.tells(f"stock {item.sku}") for item in organization.stocked):
        say(f"demo: {len(organization.stocked)} items of {organization.name} with opening stock")
    await side_by_side(partial(_stock, story, item, warehouses) for item in organization.stocked)

    async def connect(store: Store) -> Door:
        if not story.tells(store.step):
            say(f"demo: connecting {store.shop}")
        door = await _connect(story, store, secret, gateway, simulator)
        await _open_shop(simulator, organization, store, door)
        return door

    doors = await asyncio.gather(*(connect(store) for store in organization.stores))
    return Member(organization.name, organization.email, password, tuple(doors))


async def _sign_up(story: Story, organization: Organization, password: str, say: Say) -> None:
    person = {
        "organizationName": organization.name,
        "email": organization.email,
        "password": password,
        "displayName": organization.person,
    }
    if not story.tells("sign_up"):
        say(f"demo: signing up {organization.name}")
    await story.post("sign_up", "/v1/accounts:signUp", person)
    await story.sign_in(organization.email, password)


async def _warehouses(story: Story, organization: Organization) -> list[str]:
    """Ids of the organisation's warehouses; empty is the default one, which appears a moment after the sign-up."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (await story.get("/v1/warehouses")).get("warehouses"):
        if time.monotonic() > deadline:
            raise DemoFailed("default warehouse", f"it did not appear within {PATIENCE_SECONDS:.0f} s")
        await asyncio.sleep(0.1)
    more = [
        await story.post(f"warehouse {warehouse.code}", "/v1/warehouses", warehouse._asdict())
        for warehouse in organization.warehouses
    ]
    return ["", *(made["warehouse"]["id"] for made in more)]


async def _stock(story: Story, item: Item, warehouses: list[str]) -> None:
    made = (await story.post(f"create {item.sku}", "/v1/items", {"sku": item.sku, "name": item.name}))["item"]
    for number, (warehouse, shelf) in enumerate(zip(warehouses, item.shelves, strict=False)):
        opening: dict[str, Any] = {"itemId": made["id"], "delta": shelf.full, "reason": "ADJUSTMENT_REASON_OPENING"}
        place = {"warehouseId": warehouse} if warehouse else {}
        step = f"stock {item.sku}" + (f" in warehouse {number + 1}" if number else "")
        await story.post(step, "/v1/levels:adjust", opening | place)


async def _connect(story: Story, store: Store, secret: str, gateway: str, simulator: str) -> Door:
    """Connect the store, and tell RAPPIT where its API is in this run."""
    connection = {"provider": store.provider, "name": store.name, "shop": store.shop, "webhookSecret": secret}
    connected = (await story.post(store.step, "/v1/stores", connection))["store"]
    field, parts = store.credentials
    credentials = {field: dict.fromkeys(parts, secret), "apiAddress": f"{simulator}/shops/{store.shop}"}
    await story.say_again(f"credentials of {store.shop}", f"/v1/stores/{connected['id']}:setCredentials", credentials)
    return Door(connected["id"], f"{gateway}{connected['webhookPath']}", store.shop, secret)


async def _open_shop(simulator: str, organization: Organization, store: Store, door: Door) -> None:
    products = [
        {"sku": item.sku, "title": item.name, "price": item.price_in(store.currency), "popularity": item.popularity}
        for item in organization.sold
    ]
    shop = {
        "webhook_url": door.webhook_url,
        "secret": door.secret,
        "api_credential": ":".join(door.secret for _ in store.credentials[1]),
        "currency": store.currency,
        "products": products,
        "rate_per_minute": store.orders_per_minute,
        "shares": {"edit": 0.05, "fulfill": 0.5},
    }
    async with open_door(simulator) as control:
        await accepted("open the simulated shop", lambda: control.put(f"/shops/{store.shop}", json=shop))
