"""Deliveries over HTTP, as a store sends them: again while nobody takes them, the same bytes under the same ids."""

import asyncio
from collections.abc import Sequence

import httpx2

from laptop.tries.stores import Delivery

TRIES = 8


async def send(http: httpx2.AsyncClient, delivery: Delivery) -> int:
    """The status of one try; 0 where there is no answer."""
    try:
        return (await http.post(delivery.url, content=delivery.body, headers=delivery.headers)).status_code
    except httpx2.TransportError:
        return 0


async def send_until_taken(http: httpx2.AsyncClient, delivery: Delivery) -> int:
    """The status of the last try."""
    status = 0
    for again in range(TRIES):
        status = await send(http, delivery)
        if 200 <= status < 300:
            break
        await asyncio.sleep(min(0.5 * 2**again, 5.0))
    return status


async def send_at_once(http: httpx2.AsyncClient, deliveries: Sequence[Delivery]) -> list[int]:
    """The status that each ends with."""
    return await asyncio.gather(*(send_until_taken(http, delivery) for delivery in deliveries))
