"""Sends deliveries until they are taken or given up. Any number is under way at once; nothing keeps them in order."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import Literal

import httpx2

from chassis.telemetry.logs import get_logger
from simulator.faults import Fault
from simulator.shops.delivery import FORGERS_SECRET, Delivery
from simulator.shops.shop import Shop

# shopify.dev: a receiver accepts the connection within one second and answers within five in all.
CONNECT_SECONDS = 1.0
ANSWER_SECONDS = 5.0
MOST_AT_ONCE = 32

Status = int | Literal["timeout", "no connection"]
Pause = Callable[[float], Awaitable[object]]

log = get_logger()


def make_client() -> httpx2.AsyncClient:
    """A client that follows no redirect (to Shopify one is a failure) and uses no proxy."""
    return httpx2.AsyncClient(timeout=httpx2.Timeout(None, connect=CONNECT_SECONDS), trust_env=False)


class Sender:
    """A part of the process; what it has not sent when it stops stays pending with its shop. The client is its own."""

    def __init__(
        self, http: httpx2.AsyncClient, *, pause: Pause = asyncio.sleep, seconds: float = ANSWER_SECONDS
    ) -> None:
        self._http = http
        self._pause = pause
        self._seconds = seconds
        self._slots = asyncio.Semaphore(MOST_AT_ONCE)
        self._waiting = 0
        self._under_way: set[asyncio.Task[None]] = set()
        self._ending = asyncio.Event()
        self._failure: BaseException | None = None

    async def run(self) -> None:
        """Until told to stop; a failure of our own, such as a full disk, is raised."""
        await self._ending.wait()
        if self._failure is not None:
            raise self._failure

    async def stop(self) -> None:
        """Leave what is under way to the next start."""
        self._ending.set()
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        await self._http.aclose()

    def submit(self, shop: Shop, delivery: Delivery, *, after: float = 0.0) -> "asyncio.Future[Status]":
        """Send it from now on, or after so many seconds; a shop that rests sends it when it is opened.

        The result is what became of the first try.
        """
        if delivery.fault is not Fault.FORGED:
            shop.pending.add(delivery)
        first: asyncio.Future[Status] = asyncio.get_running_loop().create_future()
        task = asyncio.create_task(self._deliver(shop, delivery, after, first))
        self._under_way.add(task)
        task.add_done_callback(self._done)
        return first

    def resume(self, shops: Iterable[Shop]) -> None:
        """Go on with what an earlier process left."""
        for shop in shops:
            for delivery in shop.pending:
                self.submit(shop, delivery)

    def is_behind(self) -> bool:
        """Whether more deliveries wait for their turn than can be sent at once: the receiver, or we, are too slow."""
        return self._waiting > MOST_AT_ONCE

    async def settled(self) -> None:
        """Returns when nothing is under way."""
        while self._under_way:
            await asyncio.wait(self._under_way)

    async def _deliver(self, shop: Shop, delivery: Delivery, after: float, first: "asyncio.Future[Status]") -> None:
        retries = [] if delivery.fault is Fault.FORGED else shop.pauses
        try:
            await shop.is_open.wait()
            for pause in (after, *retries):
                if pause:
                    await self._pause(pause)
                status = await self._try(shop, delivery)
                if not first.done():
                    first.set_result(status)
                if status in shop.provider.taken:
                    break
            else:
                if delivery.fault is not Fault.FORGED:
                    log.warning("delivery given up", shop=shop.name, order=delivery.order, topic=delivery.topic)
            shop.pending.remove(delivery)
        finally:
            first.cancel()

    async def _try(self, shop: Shop, delivery: Delivery) -> Status:
        """The settings are those of now: a shop may get another address or secret between two tries."""
        status: Status
        forged = delivery.fault is Fault.FORGED
        secret = FORGERS_SECRET if forged else shop.settings.secret.get_secret_value()
        async with self._slot():
            try:
                async with asyncio.timeout(self._seconds):
                    answer = await self._http.post(
                        shop.settings.webhook_url,
                        content=delivery.body,
                        headers=shop.provider.headers(delivery, secret),
                    )
                status = answer.status_code
            except (TimeoutError, httpx2.TimeoutException):
                status = "timeout"
            except httpx2.HTTPError:
                status = "no connection"
        fault = {"fault": delivery.fault} if delivery.fault else {}
        log.info(
            "delivery sent",
            shop=shop.name,
            order=delivery.order,
            topic=delivery.topic,
            sha256=delivery.digest,
            status=status,
            **fault,
        )
        return status

    @contextlib.asynccontextmanager
    async def _slot(self) -> AsyncIterator[None]:
        """One of those that are sent at once."""
        self._waiting += 1
        try:
            await self._slots.acquire()
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._slots.release()

    def _done(self, task: "asyncio.Task[None]") -> None:
        self._under_way.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self._failure = task.exception()
            self._ending.set()
