"""Until when: a call has a deadline, and gives what is left of it to the calls that it makes."""

import asyncio
import time

import grpc
import grpc.aio
import pytest

from chassis.errors import RemoteRefusal
from chassis.rpc.client import RESERVE_SECONDS
from chassis.rpc.context import Context
from chassis.rpc.status import decode
from tests.given.mint import Mint
from tests.given.refusals import refused
from tests.given.served_items import Served, serving
from tests.given.waiting import until

LIST_ITEMS = "rappit.inventory.v1.ItemService/ListItems"


async def test_a_call_without_a_deadline_is_refused(served: Served) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await served.send(LIST_ITEMS, within=None, authorization=f"Bearer {served.token}")

    refusal = decode(caught.value, "inventory")
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "DEADLINE_REQUIRED")
    assert served.items.calls == []


async def test_a_use_case_knows_until_when_it_has_time(served: Served) -> None:
    before = time.monotonic()
    await served.list_items(timeout=30)

    assert before + 29 < served.items.calls[0].deadline < time.monotonic() + 30.1


async def test_a_call_that_runs_out_of_time_is_ended_on_both_sides(served: Served) -> None:
    ended = asyncio.Event()

    async def wait(request: object, context: Context) -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            ended.set()
            raise

    served.items.does = wait
    with refused("DEADLINE_PASSED") as refusal:
        await served.list_items(timeout=0.2)
    await until(ended.is_set)

    assert refusal.error.code == grpc.StatusCode.DEADLINE_EXCEEDED


async def test_what_is_left_of_the_time_is_passed_on_less_a_reserve(mint: Mint, served: Served) -> None:
    async with serving(mint) as further:

        async def ask_further(request: object, context: Context) -> None:
            await further.list_items(timeout=60)

        served.items.does = ask_further
        await served.list_items(timeout=2)

    (here,), (there,) = served.items.calls, further.items.calls
    assert there.deadline <= here.deadline - RESERVE_SECONDS + 0.02
    assert there.deadline > here.deadline - 1


async def test_with_no_time_left_nobody_is_asked(mint: Mint, served: Served) -> None:
    async with serving(mint) as further:

        async def ask_too_late(request: object, context: Context) -> None:
            await until(lambda: served.items.calls[0].deadline - time.monotonic() < RESERVE_SECONDS)
            await further.list_items(timeout=60)

        served.items.does = ask_too_late
        with pytest.raises(RemoteRefusal) as caught:
            await served.list_items(timeout=0.3)

    assert caught.value.reason == "DEADLINE_PASSED"
    assert further.items.calls == []
