"""Calling another service: what is sent along, what comes back, and what a killed replica costs: nothing."""

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import grpc
import pytest

from chassis.permissions import access_of
from chassis.rpc.client import Peer, service_config
from chassis.rpc.context import Context
from chassis.telemetry import traces
from laptop.ports import free_port
from rappit.identity.v1.tokens_pb2 import GetJsonWebKeySetRequest
from rappit.identity.v1.tokens_pb2_grpc import TokenServiceStub
from tests.given.mint import Mint
from tests.given.refusals import refused
from tests.given.served_items import Served
from tests.given.service_keys import ServiceKeys
from tests.given.waiting import until


@asynccontextmanager
async def replica(keys: ServiceKeys, port: int) -> AsyncIterator[Process]:
    """A process of its own that serves the test's RPCs."""
    command = [sys.executable, "-m", "tests.given.served_items", str(keys.folder), str(port)]
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE)
    assert process.stdout is not None
    assert await process.stdout.readline() == b"serving\n"
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_a_killed_replica_costs_no_call(service_keys: ServiceKeys) -> None:
    """kill -9 under load: what may be sent again is, to the replica that lives."""
    ports = free_port(), free_port()
    answered = 0

    async def keep_asking(peer: Peer) -> None:
        nonlocal answered
        stub = TokenServiceStub(peer.channel)
        while not stop.is_set():
            await peer.call(stub.GetJsonWebKeySet, GetJsonWebKeySetRequest(), timeout=10)
            answered += 1

    stop = asyncio.Event()
    async with replica(service_keys, ports[0]) as first, replica(service_keys, ports[1]):
        peer = Peer(
            "identity", "ipv4:" + ",".join(f"127.0.0.1:{port}" for port in ports), service_keys.signer("orders")
        )
        # Its RPCs are served as "inventory" here, so that is whom the tokens are for.
        peer.callee = "inventory"
        callers = [asyncio.ensure_future(keep_asking(peer)) for _ in range(16)]
        await until(lambda: answered > 200)
        first.send_signal(signal.SIGKILL)
        await first.wait()
        after_the_kill = answered
        await until(lambda: answered > after_the_kill + 400)
        stop.set()
        await asyncio.gather(*callers)
        await peer.close()


async def test_who_gives_up_does_not_cancel_the_call(served: Served) -> None:
    """A cancelled call leaks about a kilobyte for ever; this one runs into its deadline."""
    ended: list[str] = []
    may_end = asyncio.Event()

    async def wait(request: object, context: Context) -> None:
        try:
            await may_end.wait()
            ended.append("by itself")
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise

    served.items.does = wait
    asking = asyncio.ensure_future(served.list_items(timeout=20))
    await until(lambda: served.items.calls)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    may_end.set()
    await served.peer.close()

    assert ended == ["by itself"]


async def test_a_callee_that_is_away_is_unavailable_for_now(mint: Mint) -> None:
    peer = Peer("inventory", f"127.0.0.1:{free_port()}", mint.keys.signer("orders"))
    stub = TokenServiceStub(peer.channel)
    with refused("UNAVAILABLE_FOR_NOW") as refusal:
        await peer.call(stub.GetJsonWebKeySet, GetJsonWebKeySetRequest(), timeout=2)
    await peer.close()

    assert refusal.error.facts == {"part": "inventory"}


@pytest.mark.parametrize(("refusals", "calls"), [(3, 4), (9, 4)], ids=["answered by the fourth", "never answered"])
async def test_what_may_be_sent_again_is_tried_four_times(served: Served, refusals: int, calls: int) -> None:
    async def refuse_at_first(request: object, context: Context) -> None:
        if len(served.items.calls) <= refusals:
            await context.abort(grpc.StatusCode.UNAVAILABLE, "restarting")

    served.items.does = refuse_at_first
    if refusals < calls:
        await served.list_items()
    else:
        with refused("UNAVAILABLE_FOR_NOW"):
            await served.list_items()

    assert len(served.items.calls) == calls


async def test_a_call_inside_a_call_says_why(mint: Mint, served: Served) -> None:
    async def ask_itself(request: object, context: Context) -> None:
        await served.peer.call(served.token_stub.GetJsonWebKeySet, GetJsonWebKeySetRequest())

    served.items.does = ask_itself
    with traces.span("a test") as outer:
        await served.create_item()

    (call,) = served.tokens.calls
    assert call.caller.cause == "rappit.inventory.v1.ItemService/CreateItem"
    assert call.traceparent.split("-")[1] == outer.trace_id


async def test_a_call_without_signer_and_token_says_nothing_of_itself(served: Served) -> None:
    nobody = Peer("inventory", served.address, None)
    with refused("NOT_AUTHENTICATED"):
        await nobody.call(TokenServiceStub(nobody.channel).GetJsonWebKeySet, GetJsonWebKeySetRequest())
    await nobody.close()


@pytest.mark.parametrize("callee", ["identity", "orders", "inventory"])
def test_only_what_reads_or_takes_a_key_is_sent_again(callee: str) -> None:
    (config,) = service_config(callee)["methodConfig"]
    repeated = {f"{name['service']}/{name['method']}" for name in config["name"]}

    assert all(rpc.startswith(f"rappit.{callee}.") for rpc in repeated)
    assert all(access_of(rpc).reads or access_of(rpc).idempotency_key for rpc in repeated)
    assert "rappit.identity.v1.SessionService/SignIn" not in repeated
    assert "rappit.orders.v1.WebhookService/AcceptDelivery" not in repeated
    assert config["retryPolicy"]["retryableStatusCodes"] == [grpc.StatusCode.UNAVAILABLE.name]
