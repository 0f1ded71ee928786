"""grpc.reflection.v1alpha, for whoever wants to see the contract. It needs no token.

The answers are grpcio's own. Reading the bytes is ours: gRPC answers malformed ones with UNKNOWN, and logs a stack.
"""

from collections.abc import AsyncIterator, Iterable
from typing import Any

import grpc
from google.protobuf.message import DecodeError
from grpc_reflection.v1alpha.reflection import SERVICE_NAME, aio
from grpc_reflection.v1alpha.reflection_pb2 import ServerReflectionRequest, ServerReflectionResponse

from chassis.rpc.context import Context
from chassis.rpc.guard import fault, refuse

INFO = "ServerReflectionInfo"


class Reflection:
    """Shows these services, and itself."""

    def __init__(self, services: Iterable[str]) -> None:
        self._answers = aio.ReflectionServicer([*services, SERVICE_NAME])

    def handler(self) -> grpc.GenericRpcHandler:
        """What a server adds to serve it."""
        info: grpc.RpcMethodHandler[Any, Any] = grpc.stream_stream_rpc_method_handler(
            self._info, None, ServerReflectionResponse.SerializeToString
        )
        return grpc.method_handlers_generic_handler(SERVICE_NAME, {INFO: info})

    async def _info(self, asked: AsyncIterator[bytes], context: Context) -> AsyncIterator[ServerReflectionResponse]:
        try:
            async for answer in self._answers.ServerReflectionInfo(_read(asked), context):
                yield answer
        except DecodeError:
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, "the bytes are no such message")
        except Exception as error:  # noqa: BLE001 (nothing of it may reach the caller)
            await refuse(context, fault(f"{SERVICE_NAME}/{INFO}", error))


async def _read(asked: AsyncIterator[bytes]) -> AsyncIterator[ServerReflectionRequest]:
    async for raw in asked:
        yield ServerReflectionRequest.FromString(raw)
