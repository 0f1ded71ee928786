"""The samples in the folder beside this file, and signatures as stores make them."""

import base64
import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "samples"


def sample(name: str) -> bytes:
    """The bytes of a sample: `sample("hookdeck-2024-10-orders-create.json")`."""
    return (FOLDER / name).read_bytes()


def sent_headers(name: str) -> dict[str, str]:
    """The headers that came with a sample."""
    headers: dict[str, str] = json.loads(sample(f"{name}.headers.json"))
    return headers


def vectors() -> list[dict[str, Any]]:
    """Published triples; `bytes` is the body."""
    found = json.loads(sample("signature-vectors.json"))
    for vector in found:
        vector["bytes"] = sample(vector["body_file"]) if vector["body_file"] else vector["body"].encode()
    return list(found)


def sign(secret: str, body: bytes) -> str:
    """The signature that a store sends."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
