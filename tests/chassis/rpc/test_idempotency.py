"""Once: an RPC that changes state needs the caller's key, and knows whether the request is the same."""

import pytest

from chassis.rpc.context import Call
from rappit.inventory.v1.items_pb2 import CreateItemRequest
from tests.given.refusals import refused
from tests.given.served_items import Served

CREATE_ITEM = "rappit.inventory.v1.ItemService/CreateItem"


@pytest.mark.parametrize("key", [None, "", "k" * 201])
async def test_an_rpc_that_changes_state_needs_a_key(served: Served, key: str | None) -> None:
    with refused("IDEMPOTENCY_KEY_REQUIRED") as refusal:
        await served.create_item(idempotency_key=key)

    assert refusal.error.facts == {"header": "idempotency-key"}
    assert served.items.calls == []


async def test_the_use_case_gets_the_key(served: Served) -> None:
    await served.create_item(idempotency_key="k" * 200)

    assert served.items.calls[0].idempotency_key == "k" * 200


async def test_an_rpc_that_reads_takes_no_key(served: Served) -> None:
    await served.list_items(idempotency_key="k1")

    assert served.items.calls[0].idempotency_key is None


async def test_the_same_request_has_the_same_fingerprint_however_it_is_written(served: Served) -> None:
    sku, name = CreateItemRequest(sku="MUG").SerializeToString(), CreateItemRequest(name="Mug").SerializeToString()
    for raw in (sku + name, name + sku):
        await served.send(CREATE_ITEM, raw, authorization=f"Bearer {served.token}", idempotency_key="k")
    await served.create_item("JUG")

    one, same, other = map(fingerprint, served.items.calls)
    assert one == same != other
    assert len(one) == 32


def fingerprint(call: Call) -> bytes:
    return call.fingerprint
