"""Calling another service: who calls, for whom and until when go along; what is refused comes back as a type."""

import asyncio
import json
import time
from collections.abc import Awaitable
from functools import cache, partial
from typing import Any, TypeVar
from uuid import UUID

import grpc
import grpc.aio

from chassis.errors import DeadlinePassed
from chassis.permissions import access_of, rpcs
from chassis.rpc.context import call_if_any
from chassis.rpc.idempotency import HEADER
from chassis.rpc.origin import Origin
from chassis.rpc.recording import recorded_call
from chassis.rpc.status import decode
from chassis.telemetry import metrics, traces
from chassis.tokens import ServiceSigner

Request = TypeVar("Request")
Response = TypeVar("Response")

# What is kept back of the caller's time, to answer in.
RESERVE_SECONDS = 0.05

_RETRY = {
    "maxAttempts": 4,
    "initialBackoff": "0.05s",
    "maxBackoff": "1s",
    "backoffMultiplier": 3,
    "retryableStatusCodes": ["UNAVAILABLE"],
}
# One retry for ten answers in the long run; enough in hand for all calls that one killed server takes with it.
_THROTTLING = {"maxTokens": 1000, "tokenRatio": 0.1}
_OPTIONS = {
    "grpc.enable_http_proxy": 0,
    "grpc.initial_reconnect_backoff_ms": 100,
    "grpc.min_reconnect_backoff_ms": 5000,
    "grpc.max_reconnect_backoff_ms": 1000,
    "grpc.dns_min_time_between_resolutions_ms": 5000,
    "grpc.keepalive_time_ms": 30_000,
    "grpc.keepalive_timeout_ms": 10_000,
    "grpc.keepalive_permit_without_calls": 1,
    "grpc.max_metadata_size": 16 * 1024,
}


class Peer:
    """One callee, and the channel to all its replicas. Give `channel` to stubs, and their methods to `call`."""

    def __init__(
        self, callee: str, target: str, signer: ServiceSigner | None, *, max_message_bytes: int = 4 * 1024 * 1024
    ) -> None:
        """target: "inventory:50051", or "dns:///inventory:50051" for all addresses behind a name."""
        self.callee = callee
        self._signer = signer
        sizes = {
            "grpc.max_receive_message_length": max_message_bytes,
            "grpc.max_send_message_length": max_message_bytes,
        }
        options = [*(_OPTIONS | sizes).items(), ("grpc.service_config", json.dumps(service_config(callee)))]
        self.channel = grpc.aio.insecure_channel(target, options=options)
        self._under_way: set[asyncio.Future[Any]] = set()

    async def call(
        self,
        method: "grpc.aio.UnaryUnaryMultiCallable[Request, Response]",
        request: Request,
        *,
        organization: UUID | None = None,
        cause: str = "",
        token: str | None = None,
        idempotency_key: str | None = None,
        origin: Origin | None = None,
        timeout: float = 5.0,  # noqa: ASYNC109 (it is sent: a deadline that only ends the waiting leaks)
    ) -> Response:
        """Call a stub's method. Raises RemoteRefusal; DeadlinePassed if the caller's own time is over.

        organization, cause: for whom and why this service calls (id of an event, name of a job).
        token: a person's internal token, to call in his name instead.
        origin: where a person's call comes from; the gateway is believed.
        timeout: seconds, over all tries; less if the call that is being served has less left.
        """
        inside = call_if_any()
        if inside is not None:
            timeout = min(timeout, inside.deadline - time.monotonic() - RESERVE_SECONDS)
            if timeout <= 0:
                raise DeadlinePassed
        if token is None and self._signer is not None:
            token = self._signer.sign(self.callee, organization, cause or (inside.rpc if inside else ""))
        metadata = []
        if token is not None:
            metadata.append(("authorization", f"Bearer {token}"))
        if idempotency_key is not None:
            metadata.append((HEADER, idempotency_key))
        if origin is not None:
            metadata += origin.metadata()
        rpc = _name(method)
        outer = traces.current()
        sampled = traces.is_sampled(outer.ids if outer else None)
        answer: Awaitable[Response]
        if sampled and traces.exporting() is not None:
            answer = recorded_call(rpc, method, request, inside=outer, metadata=metadata, timeout=timeout)
        else:
            parent, facts = (outer.ids, outer.facts) if outer else (None, {})
            span = traces.Span(rpc, parent, facts, sampled=sampled)
            metadata.append(("traceparent", span.traceparent))
            answer = method(request, metadata=tuple(metadata), timeout=timeout)
        return await self._answered(rpc, answer)

    async def _answered(self, rpc: str, answer: Awaitable[Response]) -> Response:
        """Its answer. Who waits may give up; the call itself runs into its deadline: cancelled ones leak memory."""
        under_way = asyncio.ensure_future(answer)
        self._under_way.add(under_way)
        under_way.add_done_callback(partial(_done, self._under_way))
        observe = _observe(rpc)
        started = time.perf_counter()
        code = "CANCELLED"
        try:
            response = await asyncio.shield(under_way)
            code = "OK"
            return response
        except grpc.aio.AioRpcError as error:
            code = error.code().name
            raise decode(error, self.callee) from error
        finally:
            observe(code, time.perf_counter() - started)

    async def close(self) -> None:
        """Wait for the calls that nobody waits for any more, then close the channel."""
        if self._under_way:
            await asyncio.wait(self._under_way)
        await self.channel.close()


def service_config(callee: str) -> dict[str, Any]:
    """What gRPC is told of a callee: all its replicas in turn, and which RPCs may be sent again."""
    names = [rpc.split("/") for rpc in rpcs() if rpc.startswith(f"rappit.{callee}.") and access_of(rpc).repeatable]
    repeatable = [{"service": service, "method": verb} for service, verb in names]
    return {
        "loadBalancingConfig": [{"round_robin": {}}],
        "retryThrottling": _THROTTLING,
        "methodConfig": [{"name": repeatable, "retryPolicy": _RETRY}] if repeatable else [],
    }


@cache
def _observe(rpc: str) -> metrics.Observe:
    return metrics.durations_of_called(rpc)


def _name(method: object) -> str:
    """ "rappit.inventory.v1.ItemService/CreateItem". gRPC keeps it, but to itself."""
    path: bytes = method._method  # type: ignore[attr-defined]
    return path.decode().removeprefix("/")


def _done(under_way: set["asyncio.Future[Any]"], call: "asyncio.Future[Any]") -> None:
    under_way.discard(call)
    if not call.cancelled():
        # Asked for, so that the loop does not report what somebody who gave up never asked for.
        call.exception()
