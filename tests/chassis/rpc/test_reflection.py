"""Whoever wants to see the contract; asked without a token, and with any bytes."""

from collections.abc import AsyncIterator
from typing import Any

import grpc
import grpc.aio
import pytest
from grpc_reflection.v1alpha.reflection import aio
from grpc_reflection.v1alpha.reflection_pb2 import ExtensionRequest, ServerReflectionRequest, ServerReflectionResponse

from tests.given.log_lines import LogLines
from tests.given.served_items import Served

INFO = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"
ITEMS = "rappit.inventory.v1.ItemService"


async def ask(served: Served, *requests: bytes) -> AsyncIterator[ServerReflectionResponse]:
    """Answers to these bytes, as long as there are any."""
    method: Any = served.peer.channel.stream_stream(INFO)
    async for raw in method(iter(requests), timeout=5.0):
        yield ServerReflectionResponse.FromString(raw)


async def test_it_shows_the_contract_to_anybody(served: Served) -> None:
    asked = (ServerReflectionRequest(list_services=""), ServerReflectionRequest(file_containing_symbol=ITEMS))
    listed, file = [each async for each in ask(served, *(request.SerializeToString() for request in asked))]

    assert ITEMS in {each.name for each in listed.list_services_response.service}
    assert b"rappit/inventory/v1/items.proto" in file.file_descriptor_response.file_descriptor_proto[0]


@pytest.mark.parametrize("raw", [b"\xff\xff\xff", b"\x1a\x02\xff\xfe", b"\x1a\x05x"], ids=["noise", "no text", "cut"])
async def test_malformed_bytes_are_the_callers_fault(served: Served, log_lines: LogLines, raw: bytes) -> None:
    first = ServerReflectionRequest(list_services="").SerializeToString()
    answers = ask(served, first, raw)
    assert (await anext(answers)).HasField("list_services_response")
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await anext(answers)

    assert caught.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert log_lines.of("internal fault") == []


@pytest.mark.parametrize(
    "request_",
    [
        ServerReflectionRequest(),
        ServerReflectionRequest(file_by_filename="../etc/passwd"),
        ServerReflectionRequest(file_containing_symbol="\0"),
        ServerReflectionRequest(all_extension_numbers_of_type=ITEMS),
        ServerReflectionRequest(file_containing_extension=ExtensionRequest(containing_type=ITEMS, extension_number=-1)),
    ],
    ids=lambda request: request.WhichOneof("message_request") or "nothing",
)
async def test_what_is_not_there_is_said_to_be_so(
    served: Served, log_lines: LogLines, request_: ServerReflectionRequest
) -> None:
    (answer,) = [each async for each in ask(served, request_.SerializeToString())]

    assert answer.HasField("error_response")
    assert log_lines.of("internal fault") == []


async def test_a_fault_says_nothing_of_itself(
    served: Served, log_lines: LogLines, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("row 17 is broken")

    monkeypatch.setattr(aio.ReflectionServicer, "_list_services", fail)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await anext(ask(served, ServerReflectionRequest(list_services="").SerializeToString()))

    assert caught.value.code() == grpc.StatusCode.INTERNAL
    assert "broken" not in str(caught.value.details())
    assert len(log_lines.of("internal fault")) == 1
