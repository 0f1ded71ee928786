"""grpc.health.v1.Health/Check, for whoever chooses among servers. It needs no token.

Watch is not there, as the protocol allows: a stream that nobody ends would hold up every stop until its grace is over.
"""

from typing import Any

import grpc
from google.protobuf.message import DecodeError
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse

from chassis.rpc.context import Context

SERVICE = "grpc.health.v1.Health"


class Health:
    """Ready or not, for the whole server ("") and each of its services alike."""

    def __init__(self) -> None:
        self.ready = False
        self._services = {"", SERVICE}

    def knows(self, service: str) -> None:
        """Answer for this service too."""
        self._services.add(service)

    def handler(self) -> grpc.GenericRpcHandler:
        """What a server adds to serve it."""
        check: grpc.RpcMethodHandler[Any, Any] = grpc.unary_unary_rpc_method_handler(
            self._check, None, HealthCheckResponse.SerializeToString
        )
        return grpc.method_handlers_generic_handler(SERVICE, {"Check": check})

    async def _check(self, raw: bytes, context: Context) -> HealthCheckResponse:
        try:
            service = HealthCheckRequest.FromString(raw).service
        except DecodeError:
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, "the bytes are no such message")
        if service not in self._services:
            await context.abort(grpc.StatusCode.NOT_FOUND, "no such service here")
        return HealthCheckResponse(
            status=HealthCheckResponse.SERVING if self.ready else HealthCheckResponse.NOT_SERVING
        )
