"""No organisation reaches another's things, by any RPC and any field that takes an id; the contract lists them."""

from collections.abc import Awaitable
from typing import Any
from uuid import uuid4

import pytest

from chassis.errors import RemoteRefusal
from chassis.permissions import access_of, rpcs
from rappit.inventory.v1.level_pb2 import WHEN_RESERVED_TAKE_BACK
from tests.contract.another_organization import AnotherOrganization
from tests.contract.id_fields import IdField, id_fields, request_naming

FIELDS = [(rpc, field) for rpc in rpcs() if access_of(rpc).users for field in id_fields(rpc)]
PROBED = pytest.mark.parametrize(("rpc", "field"), FIELDS, ids=[f"{rpc} {field}" for rpc, field in FIELDS])

SERVICES_FIELDS = [
    (rpc, field, service)
    for rpc in rpcs()
    if access_of(rpc).organization_required
    for service in sorted(access_of(rpc).services)
    for field in id_fields(rpc)
]
PROBED_BY_SERVICES = pytest.mark.parametrize(
    ("rpc", "field", "service"),
    SERVICES_FIELDS,
    ids=[f"{service} {rpc} {field}" for rpc, field, service in SERVICES_FIELDS],
)

RESERVE = "rappit.inventory.v1.ReservationService/ReserveStock"
ACCEPT = "rappit.orders.v1.WebhookService/AcceptDelivery"
ADJUST = "rappit.inventory.v1.StockService/AdjustStock"
# Whoever reserves makes the demand, and its id.
MADE_BY_CALLER = {(RESERVE, "demand_id")}
# What must stand beside an id so that it is looked at, and what is told then: they have none of these units.
LOOKED_AT: dict[tuple[str, str], tuple[dict[str, Any], str]] = {
    (ADJUST, "demand_ids"): ({"delta": -47, "when_reserved": WHEN_RESERVED_TAKE_BACK}, "FAILED_PRECONDITION"),
}
# Fields that name the organisation itself: one that is not the token's is refused as such.
SAYS_WHOSE = {(ACCEPT, "delivery.header.organization_id")}


def own_ids(ours: AnotherOrganization, rpc: str) -> dict[str, str]:
    """What the caller names besides: where the caller makes the id, one that is new."""
    return ours.ids | {kind: str(uuid4()) for made, kind in MADE_BY_CALLER if made == rpc}


async def told(call: Awaitable[Any]) -> str:
    try:
        answer = await call
    except RemoteRefusal as refusal:
        return refusal.code.name
    return str(answer) if answer.ListFields() else "nothing"


@PROBED
async def test_anothers_id_is_found_by_nobody_and_changes_nothing(
    ours: AnotherOrganization, theirs: AnotherOrganization, rpc: str, field: IdField
) -> None:
    """Trap 2. One id is the other's, all others are the caller's own; a filter finds nothing, all else is not there."""
    if (rpc, str(field)) in MADE_BY_CALLER:
        return
    request: Any = request_naming(rpc, own_ids(ours, rpc), field, theirs.ids[field.kind])
    beside, refusal = LOOKED_AT.get((rpc, str(field)), ({}, "NOT_FOUND"))
    for name, value in beside.items():
        setattr(request, name, value)
    before = await ours.rows(), await theirs.rows()

    assert await told(ours.call(rpc, request)) in {refusal, "nothing"}
    assert (await ours.rows(), await theirs.rows()) == before


async def test_an_id_that_callers_make_is_each_organizations_own(
    ours: AnotherOrganization, theirs: AnotherOrganization
) -> None:
    """Trap 2."""
    demand = {"demand_id": str(uuid4())}
    await theirs.call(RESERVE, request_naming(RESERVE, theirs.ids | demand))
    before = await theirs.rows()

    assert demand["demand_id"] in await told(ours.call(RESERVE, request_naming(RESERVE, ours.ids | demand)))
    assert await theirs.rows() == before


@PROBED_BY_SERVICES
async def test_a_service_that_calls_for_one_organization_finds_and_changes_nothing_of_another(
    ours: AnotherOrganization, theirs: AnotherOrganization, rpc: str, field: IdField, service: str
) -> None:
    """Traps 2 and 50. Its token names the organisation; what the request says of another is not believed."""
    request = request_naming(rpc, own_ids(ours, rpc), field, theirs.ids[field.kind])
    before = await theirs.rows()

    expected = {"INVALID_ARGUMENT"} if (rpc, str(field)) in SAYS_WHOSE else {"NOT_FOUND", "nothing"}
    assert await told(ours.call_of(service, rpc, request)) in expected
    assert await theirs.rows() == before
