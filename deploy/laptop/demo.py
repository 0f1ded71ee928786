"""A demo organisation, made through the public doors alone, and two simulated stores that sell the same stock.

Each step's idempotency key is written down before its first try and its answer after it, in one file: a start that was
interrupted goes on where it stopped, and nothing is made twice.
"""

import asyncio
import os
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import httpx2

from laptop.kept import keep, read_kept

CURRENCY = "SAR"
EMAIL = "sara@example.com"
ENVIRONMENT_FILE = "demo.env"
OPENING_STOCK = 10_000

# Answers of a gateway behind which a service is away; each step has a key and may be asked again.
AWAY = {502, 503, 504}
PATIENCE_SECONDS = 30.0

# For whoever walks through the README: the simulated shop does not sell it, so its numbers stand still.
WALK_ITEM = ("MUG-WALK", "Walker's mug · كوب المشي", 5)

PRODUCTS = (
    ("MUG-SAND", "Sand mug · كوب رملي", "59.00"),
    ("MUG-INK", "Ink mug · كوب حبري", "59.00"),
    ("DALLAH-BRASS", "Brass coffee pot · دلة نحاسية", "349.00"),
    ("FINJAN-SET", "Six coffee cups · طقم فناجين", "129.00"),
    ("BAKHOOR-OUD", "Oud incense · بخور عود", "89.50"),
    ("DATES-AJWA-1KG", "Ajwa dates, 1 kg · تمر عجوة", "75.00"),
    ("PRAYER-RUG-BLUE", "Blue prayer rug · سجادة صلاة", "145.00"),
    ("SHEMAGH-RED", "Red shemagh · شماغ أحمر", "110.00"),
)


class DemoStore(NamedTuple):
    """A store of the demo: how it is connected, what its provider's API knows RAPPIT by, and how much it sells.

    step: what the connection is called in `demo.json`. credentials: the field of SetStoreCredentials, and the parts of
    what the simulated shop asks for.
    """

    step: str
    provider: str
    name: str
    shop: str
    credentials: tuple[str, tuple[str, ...]]
    orders_per_minute: int


RIYADH = DemoStore(
    "connect_store", "PROVIDER_SHOPIFY", "Riyadh", "riyadh.myshopify.com", ("shopify", ("accessToken",)), 8
)
JEDDAH = DemoStore(
    "connect_second_store",
    "PROVIDER_WOOCOMMERCE",
    "Jeddah",
    "jeddah.example.com",
    ("woocommerce", ("consumerKey", "consumerSecret")),
    4,
)
STORES = (RIYADH, JEDDAH)


class DemoFailed(Exception):
    """A step of the demo was refused; says which and what was answered."""

    def __init__(self, step: str, reason: str) -> None:
        super().__init__(f"the demo could not be made: {step}: {reason}")


@dataclass(frozen=True)
class Demo:
    """How to sign in, and where the webhooks of the first store go."""

    email: str
    password: str
    store_id: str
    webhook_url: str
    shop: str
    secret: str


class Story:
    """The steps done so far, in a file that only its owner may read."""

    def __init__(self, file: Path, gateway: str) -> None:
        self._file = file
        self._told: dict[str, Any] = read_kept(file)
        self._gateway = httpx2.AsyncClient(base_url=gateway, timeout=15.0, trust_env=False)

    def remember(self, name: str, make: Callable[[], str]) -> str:
        """A value that is made once."""
        if name not in self._told:
            self._told[name] = make()
            self._save()
        return str(self._told[name])

    async def post(self, step: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """The answer of this step, asked for once however often it is told."""
        told = self._told.setdefault(step, {"key": str(uuid4())})
        if "answer" not in told:
            self._save()
            headers = {"Idempotency-Key": told["key"]}
            told["answer"] = await _accepted(step, lambda: self._gateway.post(path, json=body, headers=headers))
            self._save()
        found: dict[str, Any] = told["answer"]
        return found

    async def say_again(self, step: str, path: str, body: dict[str, Any]) -> None:
        """Send what each start says anew."""
        headers = {"Idempotency-Key": str(uuid4())}
        await _accepted(step, lambda: self._gateway.post(path, json=body, headers=headers))

    async def get(self, path: str) -> dict[str, Any]:
        """What the gateway answers now."""
        return await _accepted(path, lambda: self._gateway.get(path))

    async def sign_in(self, email: str, password: str) -> None:
        """Send what follows as this person."""
        person = {"email": email, "password": password}
        tokens = (await _accepted("sign in", lambda: self._gateway.post("/v1/sessions", json=person)))["tokens"]
        self._gateway.headers["Authorization"] = f"Bearer {tokens['accessToken']}"

    def is_complete(self) -> bool:
        """Whether every step was answered."""
        return all(self._told.get(store.step, {}).get("answer") for store in STORES)

    async def close(self) -> None:
        """Give the connections back."""
        await self._gateway.aclose()

    def _save(self) -> None:
        keep(self._file, self._told)


def forget_environment(folder: Path) -> None:
    """Remove `demo.env`: until `prepare` wrote it anew a stranger may listen where it points."""
    (folder / ENVIRONMENT_FILE).unlink(missing_ok=True)


async def prepare(folder: Path, gateway: str, simulator: str, say: Callable[[str], None]) -> Demo:
    """Make what is missing of the demo, set the simulated stores to work, and write `demo.env` for the shell."""
    story = Story(folder / "demo.json", gateway)
    try:
        password = story.remember("password", lambda: secrets.token_urlsafe(15))
        secret = story.remember("webhook_secret", lambda: secrets.token_hex(24))
        if not story.is_complete():
            await _make_organization(story, password, secret, say)
        await story.sign_in(EMAIL, password)
        for store in STORES:
            webhook_url = await _connect(story, store, secret, gateway, simulator)
            await _open_shop(simulator, store, webhook_url, secret)
        first = (await story.post(RIYADH.step, "/v1/stores", {}))["store"]
        demo = Demo(EMAIL, password, first["id"], gateway + first["webhookPath"], RIYADH.shop, secret)
    finally:
        await story.close()
    _write_environment(folder / ENVIRONMENT_FILE, gateway, demo)
    return demo


async def _make_organization(story: Story, password: str, secret: str, say: Callable[[str], None]) -> None:
    say("demo: signing up an organisation")
    person = {"organizationName": "Souq Al Riyadh", "email": EMAIL, "password": password, "displayName": "Sara"}
    await story.post("sign_up", "/v1/accounts:signUp", person)
    await story.sign_in(EMAIL, password)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (await story.get("/v1/warehouses")).get("warehouses"):
        if time.monotonic() > deadline:
            raise DemoFailed("default warehouse", f"it did not appear within {PATIENCE_SECONDS:.0f} s")
        await asyncio.sleep(0.1)
    say(f"demo: {len(PRODUCTS)} items with opening stock")
    for sku, name, units in (*((sku, title, OPENING_STOCK) for sku, title, _ in PRODUCTS), WALK_ITEM):
        item = (await story.post(f"create {sku}", "/v1/items", {"sku": sku, "name": name}))["item"]
        opening = {"itemId": item["id"], "delta": units, "reason": "ADJUSTMENT_REASON_OPENING"}
        await story.post(f"stock {sku}", "/v1/levels:adjust", opening)
    for store in STORES:
        say(f"demo: connecting {store.shop}")
        connection = {"provider": store.provider, "name": store.name, "shop": store.shop, "webhookSecret": secret}
        await story.post(store.step, "/v1/stores", connection)


async def _connect(story: Story, store: DemoStore, secret: str, gateway: str, simulator: str) -> str:
    """Tell RAPPIT where the store's API is in this run; where the store sends its webhooks."""
    connected = (await story.post(store.step, "/v1/stores", {}))["store"]
    field, parts = store.credentials
    credentials = {field: dict.fromkeys(parts, secret), "apiAddress": f"{simulator}/shops/{store.shop}"}
    await story.say_again(f"credentials of {store.shop}", f"/v1/stores/{connected['id']}:setCredentials", credentials)
    return f"{gateway}{connected['webhookPath']}"


async def _open_shop(simulator: str, store: DemoStore, webhook_url: str, secret: str) -> None:
    products = [{"sku": sku, "title": title, "price": price} for sku, title, price in PRODUCTS]
    shop = {
        "webhook_url": webhook_url,
        "secret": secret,
        "api_credential": ":".join(secret for _ in store.credentials[1]),
        "currency": CURRENCY,
        "products": products,
        "rate_per_minute": store.orders_per_minute,
        "shares": {"edit": 0.05, "fulfill": 0.5},
    }
    async with httpx2.AsyncClient(base_url=simulator, timeout=15.0, trust_env=False) as control:
        await _accepted("open the simulated shop", lambda: control.put(f"/shops/{store.shop}", json=shop))


def _write_environment(file: Path, gateway: str, demo: Demo) -> None:
    values = {
        "RAPPIT": gateway,
        "EMAIL": demo.email,
        "PASSWORD": demo.password,
        "STORE": demo.webhook_url,
        "SHOP": demo.shop,
        "SECRET": demo.secret,
    }
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as lines:
        lines.writelines(f"{name}='{value}'\n" for name, value in values.items())


async def _accepted(step: str, ask: Callable[[], Awaitable[httpx2.Response]]) -> dict[str, Any]:
    """The answer; asked again for a while where nobody gives one, for a part may just be starting again."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            answer = await ask()
            if answer.is_success:
                found: dict[str, Any] = answer.json()
                return found
            refusal, is_final = f"answered {answer.status_code}: {answer.text[:300]}", answer.status_code not in AWAY
        except httpx2.TransportError as error:
            refusal, is_final = f"no answer: {str(error) or type(error).__name__}", False
        if is_final or time.monotonic() > deadline:
            raise DemoFailed(step, refusal)
        await asyncio.sleep(0.5)
