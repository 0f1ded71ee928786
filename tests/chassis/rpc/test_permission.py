"""Whether the caller may: by default nobody may."""

import dataclasses
from unittest.mock import MagicMock
from uuid import uuid4

import pytest

from chassis.errors import NotPermitted
from chassis.permissions import access_of
from chassis.rpc.chain import Incoming, Method
from chassis.rpc.context import Caller
from chassis.rpc.permission import permission
from rappit.identity.v1.tokens_pb2 import ExchangeTokenRequest
from rappit.inventory.v1.items_pb2 import ListItemsRequest
from rappit.orders.v1.webhooks_pb2 import AcceptDeliveryRequest
from tests.given.refusals import refused
from tests.given.served_items import Served


async def test_a_person_without_the_permission_is_told_which_one_is_missing(served: Served) -> None:
    token = served.mint.internal_token("inventory", "items.read", "orders.read")
    await served.list_items(token=token)
    with refused("NOT_PERMITTED") as refusal:
        await served.create_item(token=token)

    assert refusal.error.facts == {"permission": "items.create"}
    assert len(served.items.calls) == 1


async def test_a_person_may_not_call_what_only_services_may(served: Served) -> None:
    with refused("NOT_PERMITTED") as refusal:
        await served.peer.call(served.webhook_stub.AcceptDelivery, AcceptDeliveryRequest(), token=served.token)

    assert refusal.error.message == "people may not call this"
    assert refusal.error.facts == {}


async def test_a_service_may_call_only_what_lists_its_name(served: Served) -> None:
    """Trap 50. ExchangeToken is the gateway's alone; ListItems is for people."""
    request = ExchangeTokenRequest(subject_token="a.b.c", audience="orders")
    gateway = served.mint.service_token("gateway", "inventory")
    await served.peer.call(served.token_stub.ExchangeToken, request, token=gateway)
    with refused("NOT_PERMITTED"):
        await served.peer.call(served.token_stub.ExchangeToken, request)
    with refused("NOT_PERMITTED"):
        await served.peer.call(served.stub.ListItems, ListItemsRequest(), token=None, organization=served.organization)

    assert len(served.tokens.calls) == 1
    assert served.items.calls == []


@pytest.mark.parametrize("every_user", [True, False])
async def test_every_signed_in_person_may_only_where_the_contract_says_so(every_user: bool) -> None:
    sign_out = "rappit.identity.v1.SessionService/SignOut"
    declared = access_of(sign_out)
    access = dataclasses.replace(declared, every_user=every_user)
    incoming = Incoming(b"", MagicMock())
    incoming.caller = Caller(name="user:1", user_id=uuid4())

    async def after(passed: Incoming) -> bytes:
        return b"in"

    step = permission(Method(sign_out, access, bytes, bytes), after)

    assert declared.every_user
    if every_user:
        assert await step(incoming) == b"in"
    else:
        with pytest.raises(NotPermitted):
            await step(incoming)
