"""For whom: the organisation of the verified token."""

from uuid import uuid4

import pytest

from chassis.rpc.context import Call, Caller
from rappit.orders.v1.webhooks_pb2 import AcceptDeliveryRequest
from tests.given.log_lines import LogLines
from tests.given.refusals import refused
from tests.given.served_items import Served


async def test_the_call_is_for_the_organisation_of_the_token(served: Served, log_lines: LogLines) -> None:
    await served.list_items()

    assert served.items.calls[0].organization == served.organization


async def test_a_service_says_for_whom_it_calls(served: Served) -> None:
    organization = uuid4()
    token = served.mint.service_token("gateway", "inventory", org=str(organization))
    with refused("INVALID_REQUEST"):
        # Past tenant and permission: only the empty delivery is refused.
        await served.peer.call(served.webhook_stub.AcceptDelivery, AcceptDeliveryRequest(), token=token)


async def test_an_rpc_of_organisations_needs_one(served: Served) -> None:
    token = served.mint.service_token("gateway", "inventory")
    with refused("NOT_PERMITTED"):
        await served.peer.call(served.webhook_stub.AcceptDelivery, AcceptDeliveryRequest(), token=token)

    assert served.webhooks.calls == []


@pytest.mark.parametrize("organization", ["acme", "", 7, ["a"], None])
async def test_an_organisation_is_named_by_its_id(served: Served, organization: object) -> None:
    token = served.mint.service_token("gateway", "inventory", org=organization)
    with refused("NOT_AUTHENTICATED"):
        await served.peer.call(served.webhook_stub.AcceptDelivery, AcceptDeliveryRequest(), token=token)


def test_a_use_case_that_needs_an_organisation_never_runs_without_one() -> None:
    call = Call(Caller("service:gateway"), "rappit.identity.v1.TokenService/ExchangeToken", deadline=0.0)

    with pytest.raises(LookupError, match="ExchangeToken"):
        _ = call.organization
