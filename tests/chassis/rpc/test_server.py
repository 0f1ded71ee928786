"""Every RPC behind the same interceptors, and none that does not say who may call it."""

import asyncio
from typing import Any

import grpc
import grpc.aio
import pytest

from chassis.permissions import AccessUndeclared
from chassis.rpc.context import Context
from chassis.rpc.server import RpcServer
from rappit.inventory.v1 import items_pb2
from tests.given.mint import Mint
from tests.given.refusals import refused
from tests.given.served_items import Served, serving
from tests.given.waiting import until


async def nothing(request: object, context: Context) -> bytes:
    return b""


def registering(service: str, **handlers: "grpc.RpcMethodHandler[Any, Any]") -> Any:
    """What generated code does with a servicer, for a service that is in no contract."""

    def register(servicer: object, server: Any) -> None:
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, handlers),))
        server.add_registered_method_handlers(service, handlers)

    return register


def a_server(mint: Mint) -> RpcServer:
    return RpcServer(service="inventory", address="127.0.0.1:0", verifier=mint.verifier("inventory"))


def test_an_rpc_without_declared_access_stops_the_start_by_its_name(mint: Mint) -> None:
    """Trap 4."""
    register = registering("acme.v1.Till", Open=grpc.unary_unary_rpc_method_handler(nothing, bytes, bytes))

    with pytest.raises(AccessUndeclared, match=r"acme\.v1\.Till/Open"):
        a_server(mint).add(register, object())


def test_an_rpc_that_streams_would_pass_the_interceptors_by_and_is_refused(mint: Mint) -> None:
    """Trap 4."""
    register = registering("acme.v1.Till", Watch=grpc.unary_stream_rpc_method_handler(nothing, bytes, bytes))

    with pytest.raises(NotImplementedError, match=r"acme\.v1\.Till/Watch"):
        a_server(mint).add(register, object())


async def test_calls_past_the_limit_are_refused_at_once(mint: Mint) -> None:
    may_end = asyncio.Event()

    async def wait(request: object, context: Context) -> None:
        await may_end.wait()

    async with serving(mint, maximum_concurrent_rpcs=4) as served:
        served.items.does = wait
        calls = [asyncio.ensure_future(served.list_items()) for _ in range(4)]
        await until(lambda: len(served.items.calls) == 4)
        with refused("OVERLOADED") as refusal:
            await served.create_item()
        may_end.set()
        answers = await asyncio.gather(*calls)

    assert refusal.error.code == grpc.StatusCode.RESOURCE_EXHAUSTED
    assert len(answers) == 4


async def test_a_request_that_is_too_large_is_refused(mint: Mint) -> None:
    async with serving(mint, max_message_bytes=10_000) as served:
        with refused("OVERLOADED"):
            await served.create_item(sku="x" * 20_000)

    assert served.items.calls == []


async def test_a_stop_lets_the_calls_under_way_end_and_takes_no_new_ones(served: Served) -> None:
    may_end = asyncio.Event()

    async def wait(request: object, context: Context) -> None:
        await may_end.wait()

    served.items.does = wait
    under_way = asyncio.ensure_future(served.create_item("MUG"))
    await until(lambda: served.items.calls)
    stopping = asyncio.ensure_future(served.server.stop(20))
    with refused("UNAVAILABLE_FOR_NOW"):
        await served.create_item("JUG", timeout=2)
    assert not stopping.done()
    may_end.set()
    answer = await under_way
    await stopping

    assert answer.item.sku == "MUG"
    assert len(served.items.calls) == 1


async def test_a_stop_ends_calls_that_outlive_the_grace(served: Served) -> None:
    async def wait(request: object, context: Context) -> None:
        await asyncio.Event().wait()

    served.items.does = wait
    under_way = asyncio.ensure_future(
        served.peer.call(
            served.stub.CreateItem,
            items_pb2.CreateItemRequest(sku="MUG", name="Mug"),
            token=served.token,
            idempotency_key="k",
            timeout=30,
        )
    )
    await until(lambda: served.items.calls)
    await served.server.stop(0.05)

    with refused("UNAVAILABLE_FOR_NOW"):
        await under_way


async def test_two_servers_never_share_a_port(mint: Mint, served: Served) -> None:
    second = RpcServer(service="inventory", address=served.address, verifier=mint.verifier("inventory"))

    with pytest.raises(RuntimeError, match="bind"):
        await second.start()
