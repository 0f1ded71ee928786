"""A delivery: what a shop sends to its receiver. Pure."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any

from simulator.faults import Fault

FORGERS_SECRET = "whoever forges does not know it"  # noqa: S105 (it is nobody's)


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

    @property
    def digest(self) -> str:
        """SHA-256 of the body, in hexadecimal."""
        return hashlib.sha256(self.body).hexdigest()


def body_of(told: dict[str, Any]) -> bytes:
    """What is told, as it is sent: UTF-8, and the same bytes for the same content."""
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def signature(secret: str, body: bytes) -> str:
    """Base64 of HMAC-SHA256 over the raw body; both providers sign so."""
    return base64.b64encode(hmac.digest(secret.encode(), body, "sha256")).decode()
