"""The gRPC server of a service: every RPC behind the same interceptors, and none that does not say who may call it."""

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar, cast

import grpc
import grpc.aio

from chassis.permissions import access_of
from chassis.rpc.authentication import authentication
from chassis.rpc.chain import Interceptor, Method, chained
from chassis.rpc.deadline import deadline
from chassis.rpc.guard import guard
from chassis.rpc.health import Health
from chassis.rpc.idempotency import idempotency
from chassis.rpc.permission import permission
from chassis.rpc.recording import recording
from chassis.rpc.reflection import Reflection
from chassis.rpc.telemetry import telemetry
from chassis.rpc.tenant import tenant
from chassis.rpc.validation import validation
from chassis.tokens import TokenVerifier

Servicer = TypeVar("Servicer")
Handlers: TypeAlias = dict[str, "grpc.RpcMethodHandler[Any, Any]"]

_OPTIONS = {
    # Clients resolve names anew only when a connection ends: this is how they find new replicas.
    "grpc.max_connection_age_ms": 60_000,
    "grpc.max_connection_age_grace_ms": 30_000,
    # Half of what peers do (rpc/client.py): a client that pings more often is sent away.
    "grpc.http2.min_recv_ping_interval_without_data_ms": 15_000,
    "grpc.keepalive_permit_without_calls": 1,
    "grpc.max_metadata_size": 16 * 1024,
    # Two processes on one port would share its connections without anybody's knowing.
    "grpc.so_reuseport": 0,
}


class RpcServer:
    """Serves the RPCs that are added to it. Ready only once it is told so."""

    def __init__(
        self,
        *,
        service: str,
        address: str,
        verifier: TokenVerifier,
        max_message_bytes: int = 4 * 1024 * 1024,
        maximum_concurrent_rpcs: int = 200,
    ) -> None:
        """address: host:port; port 0 takes a free one. Calls past the limit are refused with RESOURCE_EXHAUSTED."""
        self.service = service
        self._address = address
        self._limit = maximum_concurrent_rpcs
        sizes = {
            "grpc.max_receive_message_length": max_message_bytes,
            "grpc.max_send_message_length": max_message_bytes,
        }
        self._options = [*(_OPTIONS | sizes).items()]
        self._interceptors: list[Interceptor] = [
            recording,
            guard,
            telemetry,
            authentication(verifier),
            tenant,
            permission,
            deadline,
            validation,
            idempotency,
        ]
        self._services: dict[str, Handlers] = {}
        self._health = Health()
        self._server: grpc.aio.Server | None = None

    def add(self, register: Callable[[Servicer, grpc.aio.Server], None], servicer: Servicer) -> None:
        """Serve a servicer. `register` is the generated add_...Servicer_to_server.

        Raises AccessUndeclared, which names the RPC, if one does not declare who may call it.
        """
        register(servicer, cast("grpc.aio.Server", _Registered(self._services, self._wrapped)))

    async def start(self) -> int:
        """Serve. Returns the port."""
        # Made here and not before: it belongs to the loop that it is made in.
        server = grpc.aio.server(options=self._options, maximum_concurrent_rpcs=self._limit)
        for name, handlers in self._services.items():
            server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(name, handlers),))
            self._health.knows(name)
        server.add_generic_rpc_handlers((self._health.handler(),))
        server.add_generic_rpc_handlers((Reflection(self._services).handler(),))
        port = server.add_insecure_port(self._address)
        await server.start()
        self._server = server
        return port

    def set_ready(self, ready: bool) -> None:
        """Whether Health says SERVING."""
        self._health.ready = ready

    async def stop(self, grace: float) -> None:
        """Take no new calls; return when those under way are done, after `grace` seconds at the latest."""
        if self._server is not None:
            await self._server.stop(grace)

    def _wrapped(self, name: str, handler: "grpc.RpcMethodHandler[Any, Any]") -> "grpc.RpcMethodHandler[Any, Any]":
        if handler.unary_unary is None:
            raise NotImplementedError(f"{name} streams: the interceptors serve one request with one answer")
        method = Method(
            name,
            access_of(name),
            decode=cast("Callable[[bytes], Any]", handler.request_deserializer),
            encode=cast("Callable[[Any], bytes]", handler.response_serializer),
        )
        return chained(method, self._interceptors, cast("Any", handler.unary_unary))


class _Registered:
    """Stands for a server while a servicer is registered, and takes its handlers."""

    def __init__(
        self,
        services: dict[str, Handlers],
        wrapped: Callable[[str, "grpc.RpcMethodHandler[Any, Any]"], "grpc.RpcMethodHandler[Any, Any]"],
    ) -> None:
        self._services = services
        self._wrapped = wrapped

    def add_registered_method_handlers(self, service: str, handlers: Handlers) -> None:
        self._services[service] = {
            verb: self._wrapped(f"{service}/{verb}", handler) for verb, handler in handlers.items()
        }

    def add_generic_rpc_handlers(self, handlers: object) -> None:
        """The same handlers once more, without their names."""
