"""What orders never shows of a store: webhook secrets, access tokens, consumer keys; of either provider."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import pytest
from google.protobuf.message import Message
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from chassis.database.leases import take
from chassis.errors import RemoteRefusal
from chassis.sealing import Sealer
from chassis.telemetry import traces
from orders.schema import METADATA
from orders.stores.get_store import get_store
from orders.stores.set_store_credentials import NewCredentials, set_store_credentials
from orders.stores.store import Provider, StoreState
from orders.webhooks.delivery import OrderKey
from orders.webhooks.guarded_http import GuardedHttp
from orders.webhooks.refetch_orders import RefetchOrders
from rappit.orders.v1 import stores_pb2 as proto
from rappit.orders.v1.dead_letters_pb2 import ListDeadLettersRequest
from rappit.orders.v1.store_pb2 import (
    PROVIDER_SHOPIFY,
    PROVIDER_WOOCOMMERCE,
    ShopifyCredentials,
    WooCommerceCredentials,
)
from rappit.orders.v1.store_pb2 import (
    Provider as ProviderNumber,
)
from rappit.orders.v1.webhooks_pb2 import ListDeliveriesRequest
from tests.given import woocommerce_orders as woo
from tests.given.canned_http import canned_http
from tests.given.connected_stores import connect
from tests.given.log_lines import LogLines
from tests.given.parked import park
from tests.given.served_orders import ServedOrders
from tests.given.service_keys import ServiceKeys
from tests.given.shop import CLOCK, Shop
from tests.given.shopify_orders import placed

FIRST, SECOND = "canary-webhook-secret-47", "canary-webhook-secret-48"
TOKEN = {"access_token": "canary-access-token-49"}
KEYS = {"consumer_key": "canary-consumer-key-50", "consumer_secret": "canary-consumer-secret-51"}


class Secrets(NamedTuple):
    """What a store of one provider has to hide, and what its orders look like."""

    provider: ProviderNumber.ValueType
    credentials: dict[str, Any]
    wrong_credentials: dict[str, Any]
    values: dict[str, str]
    topic: str


SHOPIFY_KEYS: dict[str, Any] = {"shopify": ShopifyCredentials(**TOKEN)}
WOO_KEYS: dict[str, Any] = {"woocommerce": WooCommerceCredentials(**KEYS)}
OF = {
    "shopify": Secrets(PROVIDER_SHOPIFY, SHOPIFY_KEYS, WOO_KEYS, TOKEN, "orders/edited"),
    "woocommerce": Secrets(PROVIDER_WOOCOMMERCE, WOO_KEYS, SHOPIFY_KEYS, KEYS, "order.updated"),
}


def spellings(*secrets: str) -> list[str]:
    """Secrets as they are, and as they are sent or could be kept."""
    raw = [each.encode() for each in secrets]
    return [*secrets, *(base64.b64encode(each).decode() for each in raw), *(each.hex() for each in raw)]


SECRETS = spellings(FIRST, SECOND, *TOKEN.values(), *KEYS.values(), ":".join(KEYS.values()))


@dataclass(frozen=True)
class Watched:
    """What operators see of the work."""

    lines: LogLines
    spans: InMemorySpanExporter

    @property
    def traces(self) -> str:
        """Every span that was recorded."""
        return "".join(span.to_json() for span in self.spans.get_finished_spans())


@pytest.fixture
def watched(log_lines: LogLines) -> Iterator[Watched]:
    """Logs and traces from now on."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    traces.export_to(provider, share=1.0)
    yield Watched(log_lines, exporter)
    traces.flush()


@pytest.mark.parametrize("name", OF)
async def test_no_secret_of_a_store_is_in_any_answer_error_log_trace_event_dead_letter_or_row(
    served_orders: ServedOrders,
    shop: Shop,
    service_keys: ServiceKeys,
    watched: Watched,
    name: str,
) -> None:
    """Trap 7, the whole sentence."""
    of = OF[name]
    told: list[object] = []

    async def call(verb: str, request: Message) -> None:
        services = served_orders.stores, served_orders.webhooks, served_orders.dead_letters
        (method,) = [getattr(service, verb) for service in services if hasattr(service, verb)]
        try:
            told.append(await served_orders.call(method, request, shop.organization))
        except RemoteRefusal as refusal:
            told.append((str(refusal), refusal.facts, refusal.violations))

    store = await connect(served_orders, shop.organization, provider=of.provider, webhook_secret=FIRST)
    told.append(store)
    again: dict[str, Any] = {"provider": of.provider, "name": "Riyadh", "shop": store.shop}
    await call("ConnectStore", proto.ConnectStoreRequest(**again, webhook_secret=SECOND))
    await call("ConnectStore", proto.ConnectStoreRequest(**again, webhook_secret=FIRST * 50))
    await call("RotateStoreSecret", proto.RotateStoreSecretRequest(store_id=store.id, webhook_secret=SECOND))
    await call("SetStoreCredentials", proto.SetStoreCredentialsRequest(store_id=store.id, **of.wrong_credentials))
    await call("SetStoreCredentials", proto.SetStoreCredentialsRequest(store_id=store.id, **of.credentials))
    await _be_refused(shop, store, of, Sealer.from_file(service_keys.master_key_file))
    await park(shop, placed())
    for verb, request in (
        ("GetStore", proto.GetStoreRequest(store_id=store.id)),
        ("ListStores", proto.ListStoresRequest()),
        ("ListDeliveries", ListDeliveriesRequest()),
        ("ListDeadLetters", ListDeadLettersRequest()),
        ("DisconnectStore", proto.DisconnectStoreRequest(store_id=store.id)),
        ("SetStoreCredentials", proto.SetStoreCredentialsRequest(store_id=store.id, **of.credentials)),
    ):
        await call(verb, request)

    seen = {"told": repr(told), "logs": watched.lines.text, "traces": watched.traces, "rows": await _rows(shop)}
    assert "RotateStoreSecret" in seen["traces"]
    assert "SetStoreCredentials" in seen["rows"]
    assert [where for where, text in seen.items() for each in SECRETS if each in text] == []


async def _be_refused(shop: Shop, store: Any, of: Secrets, sealer: Sealer) -> None:
    """The store's API is asked with the credentials, and says that it does not know them."""
    async with shop.database.transaction(shop.organization) as tx:
        mine = await get_store(tx, UUID(store.id))
    async with canned_http() as api:
        order = woo.refunded(woo.paid(woo.placed()), "59.00")
        paths = f"/admin/api/2026-01/orders/{order['id']}.json", f"/wp-json/wc/v3/orders/{order['id']}"
        api.answers |= dict.fromkeys(paths, (401, json.dumps(of.values).encode(), ""))
        async with shop.database.transaction(shop.organization) as tx:
            new = NewCredentials(mine.id, Provider(mine.provider), api.address, of.values)
            await set_store_credentials(tx, CLOCK, sealer, new, "test", development=True)
        delivery = Shop(shop.database, shop.organization, mine)
        await delivery.deliver(order, topic=of.topic, external_id=str(order["id"]))
        async with shop.database.directory() as tx:
            lease = await take(tx, f"secrets {uuid4()}", "test")
        assert lease
        http = GuardedHttp(private=True)
        job = RefetchOrders(shop.database, CLOCK, sealer, http)
        await job.refetch(lease, shop.organization, OrderKey(mine.id, str(order["id"])))
        await http.close()
        assert any(value in str(api.asked) for value in SECRETS)
    async with shop.database.transaction(shop.organization) as tx:
        assert (await get_store(tx, mine.id)).state is StoreState.NEEDS_REAUTH


async def _rows(shop: Shop) -> str:
    """All that is kept of the organisation, bytes as they are."""
    kept: list[str] = []
    for table in [*(table.name for table in METADATA.sorted_tables), "outbox", "inbox", "idempotency_keys"]:
        rows = await shop.rows(f"TABLE {table}")
        kept += [value.decode("latin-1") if isinstance(value, bytes) else str(value) for row in rows for value in row]
    return "\n".join(kept)
