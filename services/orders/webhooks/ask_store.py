"""Asks a store's API for one order. Source of the addresses: Shopify's REST Admin API, WooCommerce's REST API v3."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import NamedTuple, TypeAlias
from urllib.parse import quote

from orders.stores.store import Provider, Store
from orders.webhooks.guarded_http import Answer, GuardedHttp, NoAnswer

SHOPIFY_VERSION = "2026-01"
_REFUNDS = 100
_OK, _TOO_MANY = 200, 429
_GONE = frozenset({404, 410})
_REFUSED = frozenset({401, 403})
_LONGEST_PAUSE = timedelta(hours=1)


class Found(NamedTuple):
    """The order as `read_fetched` takes it."""

    body: bytes


class Gone(NamedTuple):
    """The store has no such order."""


class Refused(NamedTuple):
    """The store does not know these credentials, or lets them read no orders."""

    status: int


class Later(NamedTuple):
    """It is to be tried again; not before `pause`, where the store says so, and then nothing else of the store."""

    failure: str
    pause: timedelta | None = None


Said: TypeAlias = Found | Gone | Refused | Later


@dataclass(frozen=True)
class StoreApi:
    """How one store is asked."""

    store: Store
    credentials: Mapping[str, str] = field(repr=False)

    @property
    def headers(self) -> dict[str, str]:
        """What the store knows RAPPIT by."""
        if self.store.provider is Provider.SHOPIFY:
            return {"X-Shopify-Access-Token": self.credentials["access_token"]}
        pair = f"{self.credentials['consumer_key']}:{self.credentials['consumer_secret']}"
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}

    def address(self, external_id: str) -> str:
        """Where one order is; without what follows it."""
        base = self.store.api_address or f"https://{self.store.shop}"
        order = quote(external_id, safe="")
        if self.store.provider is Provider.SHOPIFY:
            return f"{base}/admin/api/{SHOPIFY_VERSION}/orders/{order}"
        return f"{base}/wp-json/wc/v3/orders/{order}"


async def ask_store(http: GuardedHttp, api: StoreApi, external_id: str, now: datetime) -> Said:
    """Ask for one order. Never raises for what the store or the network does."""
    address = api.address(external_id)
    try:
        if api.store.provider is Provider.SHOPIFY:
            answer = await http.get(f"{address}.json", api.headers)
            return Found(answer.body) if answer.status == _OK else _failed(answer, now)
        answer = await http.get(address, api.headers)
        if answer.status != _OK:
            return _failed(answer, now)
        if not _has_refunds(answer.body):
            return Found(b'{"order":%b}' % answer.body)
        refunds = await http.get(f"{address}/refunds?per_page={_REFUNDS}", api.headers)
        if refunds.status != _OK:
            return _failed(refunds, now)
        return Found(b'{"order":%b,"refunds":%b}' % (answer.body, refunds.body))
    except NoAnswer as error:
        return Later(str(error))


def _failed(answer: Answer, now: datetime) -> Said:
    if answer.status in _GONE:
        return Gone()
    if answer.status in _REFUSED:
        return Refused(answer.status)
    pause = retry_after(answer.retry_after, now) if answer.status == _TOO_MANY or answer.retry_after else None
    return Later(f"the store answered {answer.status}", pause)


def retry_after(header: str, now: datetime) -> timedelta:
    """What a Retry-After header says, as seconds or as a date; two seconds where it says nothing, an hour at most."""
    try:
        pause = timedelta(seconds=float(header))
    except (ValueError, OverflowError):
        try:
            time = parsedate_to_datetime(header)
            pause = (time if time.tzinfo else time.replace(tzinfo=UTC)) - now
        except ValueError:
            pause = timedelta(seconds=2)
    return min(max(pause, timedelta(seconds=1)), _LONGEST_PAUSE)


def _has_refunds(order: bytes) -> bool:
    try:
        return bool(json.loads(order).get("refunds"))
    except (ValueError, AttributeError, RecursionError):
        return False  # whoever reads it says what is wrong with it
