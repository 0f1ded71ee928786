"""Recorded calls go through OpenTelemetry's own instrumentation of gRPC; all others pay nothing for it.

The instrumentation builds attributes and contexts before it knows whether anybody wants them. So the trace is asked
first, and the interceptors are called by hand: in a channel or a server they would stand in the way of every call.
"""

from collections.abc import Awaitable, Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import grpc
import grpc.aio
from opentelemetry import trace
from opentelemetry.context import attach

from chassis.rpc.chain import Incoming, Method, Step
from chassis.rpc.context import Context
from chassis.rpc.guard import guard
from chassis.telemetry import traces

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider


def recording(method: Method, next_step: Step) -> Step:
    """Outside of the guard, so that the instrumentation's context sees how the guard ends a call."""
    details = _Details(method.name)

    async def inside(incoming: Incoming, context: Context) -> "bytes | _Raised":
        incoming.context = context
        incoming.span = traces.Span(method.name, None, {"rpc": method.name}, recording=trace.get_current_span())
        try:
            return await next_step(incoming)
        except BaseException as error:  # noqa: BLE001 (raised again outside of the instrumentation)
            return _Raised(error)

    handler: grpc.RpcMethodHandler[Any, Any] = grpc.unary_unary_rpc_method_handler(inside)

    async def find(_: object) -> "grpc.RpcMethodHandler[Any, Any]":
        return handler

    async def instrumented(incoming: Incoming) -> bytes:
        wrapped = await _server_interceptor(traces.exporting()).intercept_service(find, details)
        answer: bytes | _Raised = await wrapped.unary_unary(incoming, incoming.context)
        if isinstance(answer, _Raised):
            raise answer.error
        return answer

    # A guard of its own: what the instrumentation itself may raise is nobody's business outside either.
    recorded = guard(method, instrumented)

    async def decided(incoming: Incoming) -> bytes:
        parent = traces.parse(incoming.text("traceparent"))
        sampled = traces.is_sampled(parent)
        if sampled and traces.exporting() is not None:
            return await recorded(incoming)
        incoming.span = traces.Span(method.name, parent, {"rpc": method.name}, sampled=sampled)
        return await next_step(incoming)

    return decided


async def recorded_call(
    rpc: str,
    method: Callable[..., Any],
    request: object,
    *,
    inside: traces.Span | None,
    metadata: Sequence[tuple[str, str]],
    timeout: float,  # noqa: ASYNC109 (it is sent)
) -> Any:
    """Call a stub's method in a span of its own. Make a task of it: it leaves its context behind."""
    around = traces.around(inside.ids if inside else None)
    if around is not None:
        attach(around)

    async def send(details: grpc.aio.ClientCallDetails, sent: object) -> Awaitable[Any]:
        call: Awaitable[Any] = method(sent, metadata=tuple(details.metadata or ()), timeout=details.timeout)
        return call

    details = grpc.aio.ClientCallDetails(rpc, timeout, grpc.aio.Metadata(*metadata), None, None)
    call = await _client_interceptor(traces.exporting()).intercept_unary_unary(send, details, request)
    return await call


class _Details(NamedTuple):
    """What the instrumentation asks of grpc.HandlerCallDetails."""

    method: str


class _Raised(NamedTuple):
    """An exception on its way past the instrumentation, which would write its text and its stack into the span."""

    error: BaseException


# Loaded by those who record: it takes a while.
@lru_cache(maxsize=1)
def _server_interceptor(provider: "TracerProvider | None") -> Any:
    from opentelemetry.instrumentation.grpc import aio_server_interceptor  # noqa: PLC0415

    return aio_server_interceptor(provider)  # type: ignore[no-untyped-call]


@lru_cache(maxsize=1)
def _client_interceptor(provider: "TracerProvider | None") -> Any:
    from opentelemetry.instrumentation.grpc import aio_client_interceptors  # noqa: PLC0415

    unary, *_ = aio_client_interceptors(provider, request_hook=_note_facts)  # type: ignore[no-untyped-call]
    return unary


def _note_facts(span: trace.Span, _: object) -> None:
    inside = traces.current()
    if inside is not None:
        span.set_attributes({f"rappit.{name}": str(value) for name, value in inside.facts.items()})
