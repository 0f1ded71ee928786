"""Whatever happens inside, the caller gets a refusal with a reason, and never the text of an exception."""

import asyncio
import random
from datetime import timedelta

import grpc
import grpc.aio
import pytest

from chassis.errors import Refusal, RemoteRefusal, Violation
from chassis.rpc.context import Context
from rappit.inventory.v1 import items_pb2
from tests.given.log_lines import LogLines
from tests.given.served_items import Served

LIST_ITEMS = "rappit.inventory.v1.ItemService/ListItems"
CREATE_ITEM = "rappit.inventory.v1.ItemService/CreateItem"


class ItemIsOdd(Refusal):
    code = grpc.StatusCode.FAILED_PRECONDITION
    domain = "inventory.rappit"


async def test_a_refusal_arrives_with_all_that_it_says(served: Served) -> None:
    async def refuse(request: object, context: Context) -> None:
        raise ItemIsOdd(
            "the item is odd",
            facts={"item_id": 7, "name": "كوب"},
            violations=[Violation("lines[0].quantity", "is odd")],
            retry_after=timedelta(seconds=1.5),
        )

    served.items.does = refuse
    with pytest.raises(RemoteRefusal) as caught:
        await served.list_items()

    refusal = caught.value
    assert (refusal.code, refusal.domain, refusal.reason) == (
        grpc.StatusCode.FAILED_PRECONDITION,
        "inventory.rappit",
        "ITEM_IS_ODD",
    )
    assert refusal.message == "the item is odd"
    assert refusal.facts == {"item_id": "7", "name": "كوب"}
    assert refusal.violations == (Violation("lines[0].quantity", "is odd"),)
    assert refusal.retry_after == timedelta(seconds=1.5)


async def test_the_text_of_an_exception_stays_in_the_log(served: Served, log_lines: LogLines) -> None:
    async def fail(request: object, context: Context) -> None:
        raise ValueError("row 17 is broken")

    served.items.does = fail
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await served.send(LIST_ITEMS, authorization=f"Bearer {served.token}")
    with pytest.raises(RemoteRefusal) as refused:
        await served.list_items()

    said = f"{caught.value.details()} {caught.value.trailing_metadata()}"
    assert caught.value.code() == grpc.StatusCode.INTERNAL
    assert "broken" not in said
    assert "ValueError" not in said
    assert refused.value.reason == "INTERNAL_FAULT"
    (line,) = [line for line in log_lines.of("internal fault") if line["error_id"] == refused.value.facts["error_id"]]
    assert "row 17 is broken" in line["exception"]
    assert line["rpc"] == LIST_ITEMS
    assert line["organization_id"] == str(served.organization)
    assert line["trace_id"]


async def test_an_answer_that_cannot_be_encoded_is_a_fault(served: Served, log_lines: LogLines) -> None:
    async def answer_something_else(request: object, context: Context) -> object:
        return "no message"

    served.items.does = answer_something_else
    with pytest.raises(RemoteRefusal) as refused:
        await served.list_items()

    assert refused.value.reason == "INTERNAL_FAULT"


async def test_malformed_bytes_are_an_invalid_argument(served: Served) -> None:
    """Hundreds of random bodies, and real ones with bytes changed: nothing but INVALID_ARGUMENT and OK."""
    draw = random.Random(20261123)
    good = items_pb2.CreateItemRequest(sku="MUG", name="Mug", barcode="123").SerializeToString()
    codes: dict[str, int] = {}
    for _ in range(400):
        raw = bytearray(good)
        for _ in range(draw.randint(1, 6)):
            raw[draw.randrange(len(raw))] = draw.randrange(256)
        body = bytes(raw) if draw.random() < 0.5 else draw.randbytes(draw.randint(1, 60))
        code = "OK"
        try:
            await served.send(CREATE_ITEM, body, authorization=f"Bearer {served.token}", idempotency_key="k")
        except grpc.aio.AioRpcError as error:
            code = error.code().name
        codes[code] = codes.get(code, 0) + 1

    assert set(codes) == {"INVALID_ARGUMENT", "OK"}
    assert codes["INVALID_ARGUMENT"] > 200


async def test_an_unknown_rpc_is_unimplemented(served: Served) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await served.send("rappit.inventory.v1.ItemService/BurnItem", authorization=f"Bearer {served.token}")

    assert caught.value.code() == grpc.StatusCode.UNIMPLEMENTED


async def test_something_cancelled_inside_is_a_fault_and_not_silence(served: Served, log_lines: LogLines) -> None:
    async def lose_a_task(request: object, context: Context) -> None:
        lost = asyncio.ensure_future(asyncio.Event().wait())
        lost.cancel()
        await lost

    served.items.does = lose_a_task
    with pytest.raises(RemoteRefusal) as refused:
        await served.list_items(timeout=10)

    assert refused.value.reason == "INTERNAL_FAULT"


@pytest.mark.parametrize(
    ("code", "reason"), [(grpc.StatusCode.NOT_FOUND, "ORDER_NOT_FOUND"), (grpc.StatusCode.UNAUTHENTICATED, "NO_TOKEN")]
)
async def test_what_a_peer_refuses_us_is_not_what_we_refuse_the_caller(
    served: Served, log_lines: LogLines, code: grpc.StatusCode, reason: str
) -> None:
    """A caller is told that the order was not found, but not that our own token was refused: that is our fault."""

    async def ask_a_peer(request: object, context: Context) -> None:
        raise RemoteRefusal("no", code=code, domain="orders.rappit", reason=reason)

    served.items.does = ask_a_peer
    with pytest.raises(RemoteRefusal) as refused:
        await served.list_items()

    ours = ("rappit", "INTERNAL_FAULT")
    theirs = ("orders.rappit", "ORDER_NOT_FOUND")
    assert (refused.value.domain, refused.value.reason) == (theirs if code == grpc.StatusCode.NOT_FOUND else ours)


async def test_a_refusal_with_too_much_to_say_arrives_cut(served: Served) -> None:
    """Trailers past 8 KB are dropped with the status in them."""

    async def refuse_at_length(request: object, context: Context) -> None:
        raise ItemIsOdd(
            "odd " * 1000,
            facts={f"line:{number}": "item 0192 wanted 3 available 1" for number in range(500)},
            violations=[Violation(f"lines[{number}].quantity", "is odd") for number in range(500)],
        )

    served.items.does = refuse_at_length
    with pytest.raises(RemoteRefusal) as refused:
        await served.list_items()

    facts = refused.value.facts
    assert refused.value.reason == "ITEM_IS_ODD"
    assert len(facts) + int(facts["left_out"]) == 501
    assert len(facts) > 50
