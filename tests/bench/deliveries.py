"""Deliveries of a Shopify store, signed beforehand, and connections that send them with as little work as can be."""

import asyncio
import base64
import hashlib
import hmac
import itertools
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import urlsplit
from uuid import uuid4

from tests.bench.result import Wrong
from tests.given.merchants import Merchant, order_of

# Numbers of orders are never used twice in one process.
_NUMBERS = itertools.count(1)


class Signed(NamedTuple):
    """A whole HTTP request, and the name of the order in it."""

    raw: bytes
    order: str


def signed_orders(merchant: Merchant, sku: str, count: int) -> Iterator[Signed]:
    """Deliveries of so many new, paid orders of one unit each, to the merchant's store."""
    for number in itertools.islice(_NUMBERS, count):
        body = json.dumps(order_of(f"#{number}", (sku, 1))).encode()
        digest = hmac.new(merchant.secret.encode(), body, hashlib.sha256).digest()
        head = (
            f"POST {merchant.store['webhookPath']} HTTP/1.1\r\n"
            "Host: rappit\r\n"
            "Content-Type: application/json\r\n"
            "X-Shopify-Topic: orders/create\r\n"
            f"X-Shopify-Shop-Domain: {merchant.store['shop']}\r\n"
            f"X-Shopify-Webhook-Id: {uuid4()}\r\n"
            f"X-Shopify-Hmac-Sha256: {base64.b64encode(digest).decode()}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        yield Signed(head.encode() + body, f"#{number}")


class Connection:
    """One kept-alive connection: a request at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def deliver(self, signed: Signed) -> None:
        """Send it; raises Wrong unless it is taken."""
        status = await self._send(signed.raw)
        if status != HTTPStatus.OK:
            raise Wrong(f"the signed delivery of {signed.order} was answered {status}")

    async def _send(self, request: bytes) -> int:
        self._writer.write(request)
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        length = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
        if length:
            await self._reader.readexactly(int(length))
        elif b"transfer-encoding: chunked" in head:
            await self._reader.readuntil(b"0\r\n\r\n")
        return int(head[9:12])

    def close(self) -> None:
        """Close it."""
        self._writer.close()


@asynccontextmanager
async def connections(url: str, count: int) -> AsyncIterator[list[Connection]]:
    """So many open connections."""
    where = urlsplit(url)
    opened = [Connection(*await asyncio.open_connection(where.hostname, where.port)) for _ in range(count)]
    try:
        yield opened
    finally:
        for connection in opened:
            connection.close()
