"""A delivery to a shop's receiver: its body, ids, headers and signature. Pure."""

import base64
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from simulator.faults import Fault
from simulator.shopify.money import Json

API_VERSION = "2024-10"
USER_AGENT = "Shopify-Captain-Hook"
_FORGERS_SECRET = "whoever forges does not know it"  # noqa: S105 (it is nobody's)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What is sent, the same at each try.

    order: the order's name. event_id: shared by all topics that one action raised. triggered_at: when that was.
    """

    shop: str
    order: str
    topic: str
    webhook_id: str
    event_id: str
    triggered_at: str
    body: bytes
    fault: Fault | None = None


def body_of(order: Json) -> bytes:
    """The order as it is sent: UTF-8, and the same bytes for the same order."""
    return json.dumps(order, ensure_ascii=False, separators=(",", ":")).encode()


def triggered_at(now: datetime) -> str:
    """A time as the header has it: UTC, to the nanosecond."""
    return f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}000Z"


def sign(secret: str, body: bytes) -> str:
    """Base64 of HMAC-SHA256 over the raw body."""
    return base64.b64encode(hmac.digest(secret.encode(), body, "sha256")).decode()


def headers(delivery: Delivery, secret: str) -> Mapping[str, str]:
    """The headers of a delivery; a forged one is signed, but not with the shop's secret."""
    signer = _FORGERS_SECRET if delivery.fault is Fault.FORGED else secret
    return {
        "Content-Type": "application/json",
        "User-Agent": USER_AGENT,
        "X-Shopify-Topic": delivery.topic,
        "X-Shopify-Hmac-Sha256": sign(signer, delivery.body),
        "X-Shopify-Shop-Domain": delivery.shop,
        "X-Shopify-API-Version": API_VERSION,
        "X-Shopify-Webhook-Id": delivery.webhook_id,
        "X-Shopify-Event-Id": delivery.event_id,
        "X-Shopify-Triggered-At": delivery.triggered_at,
    }
