"""How interceptors are put around an RPC: once per method, when its service is added.

An interceptor is a function (method, next step) -> step. What depends on the method alone is worked out there; what is
left for each call is the step. gRPC's own interceptors would be asked for the handler again at each call.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import grpc
import grpc.aio

from chassis.permissions import Access
from chassis.rpc.context import Call, Caller, Context, begin
from chassis.telemetry.traces import Span


@dataclass(frozen=True)
class Method:
    """An RPC: its name ("rappit.inventory.v1.ItemService/CreateItem"), who may call it, and how its bytes are read."""

    name: str
    access: Access
    decode: Callable[[bytes], Any]
    encode: Callable[[Any], bytes]


class Incoming:
    """A call on its way in: each step adds what the later ones need."""

    __slots__ = (
        "caller",
        "context",
        "deadline",
        "fingerprint",
        "idempotency_key",
        "metadata",
        "raw",
        "request",
        "span",
    )

    caller: Caller
    deadline: float
    request: Any
    span: Span

    def __init__(self, raw: bytes, context: Context) -> None:
        self.raw = raw
        self.context = context
        self.metadata: dict[str, str | bytes] = dict(context.invocation_metadata() or ())
        self.idempotency_key: str | None = None
        self.fingerprint = b""

    def text(self, name: str) -> str:
        """A metadata entry; empty if there is none."""
        value = self.metadata.get(name, "")
        return value if isinstance(value, str) else ""


Step: TypeAlias = Callable[[Incoming], Awaitable[bytes]]
Interceptor: TypeAlias = Callable[[Method, Step], Step]


def chained(
    method: Method, interceptors: Sequence[Interceptor], verb: Callable[[Any, Context], Awaitable[Any]]
) -> "grpc.RpcMethodHandler[Any, Any]":
    """The handler that leads a call through the interceptors, the first outermost, to the servicer's verb."""
    encode = method.encode

    async def serve(incoming: Incoming) -> bytes:
        begin(
            Call(
                incoming.caller,
                method.name,
                incoming.deadline,
                incoming.idempotency_key,
                incoming.fingerprint,
                incoming.span.traceparent,
            )
        )
        return encode(await verb(incoming.request, incoming.context))

    step: Step = serve
    for interceptor in reversed(interceptors):
        step = interceptor(method, step)

    async def behavior(raw: bytes, context: Context) -> bytes:
        return await step(Incoming(raw, context))

    # Without serializers of its own gRPC hands over bytes: malformed ones are then refused inside the guard.
    return grpc.unary_unary_rpc_method_handler(behavior, None, None)
