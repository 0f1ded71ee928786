"""webhook-ack: a signed POST to its 2xx, with the event durable in Kafka, over 64 connections."""

import asyncio
import itertools
import sys

from laptop.ports import HOST, free_port
from tests.bench.costs import start_counting
from tests.bench.deliveries import connections, signed_orders
from tests.bench.load import Load, closed_loop, median_of
from tests.bench.place import Place
from tests.bench.result import Goal, Result
from tests.bench.settled import orders_settled
from tests.bench.yardsticks.programs import running, topic_for

CONNECTIONS = 64
ROUNDS = 3
SKU = "ACK"
# As many as a machine of this size sends; what is more is signed under way.
_SIGNED_A_SECOND = 6_000


async def webhook_ack(place: Place, seconds: float) -> list[Result]:
    """How fast stores are answered."""
    await place.merchant.stock(SKU, 10_000_000)
    await place.merchant.connect()
    sent = itertools.count()
    port = free_port()
    async with topic_for(place.system, "bare_webhook") as topic:
        arguments = (str(port), place.merchant.secret, place.system.kafka.bootstrap, topic)
        async with running("bare_webhook", *arguments):
            spent = start_counting(place.system)
            ours = [
                await acknowledged(place, SKU, place.system.addresses.gateway, seconds, sent) for _ in range(ROUNDS)
            ]
            count = next(sent)
            # What still waits behind the gateway must not be in the yardstick's way.
            checked = [await orders_settled(place, count)]
            costs = spent().per(count)
            url, others = f"http://{HOST}:{port}", itertools.count()
            bare = [await acknowledged(place, SKU, url, seconds, others) for _ in range(ROUNDS)]
    load, yardstick = median_of(ours), median_of(bare)
    costs["p50 / p99 ms"] = f"{load.percentile(0.5) * 1000:.1f} / {load.percentile(0.99) * 1000:.1f}"
    checked.append(await place.check())
    against = "bare ASGI handler: HMAC and Kafka"
    return [
        Result(
            "webhook-ack", "acknowledged", load.rate, "/s", against, yardstick.rate, Goal(at_least=0.7), costs, checked
        )
    ]


async def acknowledged(place: Place, sku: str, url: str, seconds: float, sent: "itertools.count[int]") -> Load:
    """Deliveries of new orders to this address over 64 connections, each counted in `sent`; a refusal raises Wrong."""
    # Signing is the stores' work: it is done before.
    count = int(_SIGNED_A_SECOND * (seconds + 2))
    signed = await asyncio.to_thread(lambda: list(signed_orders(place.merchant, sku, count)))
    requests = itertools.chain(signed, signed_orders(place.merchant, sku, sys.maxsize))
    async with connections(url, CONNECTIONS) as free:

        async def ask() -> None:
            connection = free.pop()
            await connection.deliver(next(requests))
            free.append(connection)
            next(sent)

        return await closed_loop(CONNECTIONS, seconds, ask)
