"""Whether to choose this server; asked without a token."""

import grpc
import grpc.aio
import pytest
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse

from tests.given.served_items import Served

CHECK = "grpc.health.v1.Health/Check"
ITEMS = "rappit.inventory.v1.ItemService"


async def status(served: Served, service: str = "") -> str:
    raw = await served.send(CHECK, HealthCheckRequest(service=service).SerializeToString())
    return str(HealthCheckResponse.ServingStatus.Name(HealthCheckResponse.FromString(raw).status))


async def test_a_server_is_ready_only_once_it_is_told_so(served: Served) -> None:
    assert await status(served) == "NOT_SERVING"
    served.server.set_ready(True)
    assert await status(served) == "SERVING"
    assert await status(served, ITEMS) == "SERVING"
    served.server.set_ready(False)
    assert await status(served, ITEMS) == "NOT_SERVING"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (HealthCheckRequest(service="acme.Till").SerializeToString(), grpc.StatusCode.NOT_FOUND),
        (b"\xff\xff\xff", grpc.StatusCode.INVALID_ARGUMENT),
    ],
)
async def test_an_unknown_service_and_malformed_bytes_are_told_apart(
    served: Served, raw: bytes, code: grpc.StatusCode
) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await served.send(CHECK, raw)

    assert caught.value.code() == code
