"""What must be true when the load is over: every acknowledged order is there once, and in its final state."""

import asyncio
import time

import psycopg

from tests.bench.place import Place
from tests.bench.result import Wrong

_SECONDS = 180.0
_ORDERS = """
SELECT count(*), count(*) FILTER (WHERE fulfillment_status = 'RESERVED') FROM orders WHERE store_id = %s
"""


async def orders_settled(place: Place, count: int) -> str:
    """Wait until so many orders of the merchant's store are RESERVED; raises Wrong when that does not come."""
    deadline = time.monotonic() + _SECONDS
    url = place.system.postgres.url(database="orders")
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        while True:
            row = await (await connection.execute(_ORDERS, (place.merchant.store["id"],))).fetchone()
            assert row is not None
            if row == (count, count):
                return f"{count:,} acknowledged, as many orders RESERVED"
            if row[0] > count or time.monotonic() > deadline:
                raise Wrong(f"{count:,} deliveries were acknowledged; {row[0]:,} orders are there, {row[1]:,} RESERVED")
            await asyncio.sleep(0.2)
