"""No organisation reaches another's things, by any RPC and any field that takes an id; the contract lists them."""

from typing import Any
from uuid import uuid4

import pytest

from chassis.errors import RemoteRefusal
from chassis.permissions import access_of, rpcs
from rappit.inventory.v1.level_pb2 import WHEN_RESERVED_TAKE_BACK
from tests.contract.another_organization import AnotherOrganization
from tests.contract.id_fields import IdField, id_fields, request_naming
from tests.contract.installation import Installation

FIELDS = [(rpc, field) for rpc in rpcs() if access_of(rpc).users for field in id_fields(rpc)]
PROBED = pytest.mark.parametrize(("rpc", "field"), FIELDS, ids=[f"{rpc} {field}" for rpc, field in FIELDS])

SERVICES_FIELDS = [
    (rpc, field)
    for rpc in rpcs()
    if access_of(rpc).organization_required and not access_of(rpc).users
    for field in id_fields(rpc)
]

RESERVE = "rappit.inventory.v1.ReservationService/ReserveStock"
ADJUST = "rappit.inventory.v1.StockService/AdjustStock"
# Whoever reserves makes the demand, and its id.
MADE_BY_CALLER = {(RESERVE, "demand_id")}
# What must stand beside an id so that it is looked at, and what is told then: they have none of these units.
LOOKED_AT: dict[tuple[str, str], tuple[dict[str, Any], str]] = {
    (ADJUST, "demand_ids"): ({"delta": -47, "when_reserved": WHEN_RESERVED_TAKE_BACK}, "FAILED_PRECONDITION"),
}


def own_ids(ours: AnotherOrganization, rpc: str) -> dict[str, str]:
    """What the caller names besides: where the caller makes the id, one that is new."""
    return ours.ids | {kind: str(uuid4()) for made, kind in MADE_BY_CALLER if made == rpc}


async def told(ours: AnotherOrganization, rpc: str, request: Any) -> str:
    try:
        answer = await ours.call(rpc, request)
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

    assert await told(ours, rpc, request) in {refusal, "nothing"}
    assert (await ours.rows(), await theirs.rows()) == before


async def test_an_id_that_callers_make_is_each_organizations_own(
    ours: AnotherOrganization, theirs: AnotherOrganization
) -> None:
    """Trap 2."""
    demand = {"demand_id": str(uuid4())}
    await theirs.call(RESERVE, request_naming(RESERVE, theirs.ids | demand))
    before = await theirs.rows()

    assert demand["demand_id"] in await told(ours, RESERVE, request_naming(RESERVE, ours.ids | demand))
    assert await theirs.rows() == before


@pytest.mark.parametrize(("rpc", "field"), SERVICES_FIELDS, ids=[f"{rpc} {field}" for rpc, field in SERVICES_FIELDS])
async def test_a_service_that_calls_for_one_organization_changes_nothing_of_another(
    installation: Installation, ours: AnotherOrganization, theirs: AnotherOrganization, rpc: str, field: IdField
) -> None:
    """Traps 2 and 50. Its token names the organisation; what the request says of another is not believed."""
    request = request_naming(rpc, ours.ids, field, theirs.ids[field.kind])
    token = installation.service(min(access_of(rpc).services), rpc, organization=ours.organization)
    before = await theirs.rows()
    refusal = await installation.refusal(rpc, request.SerializeToString(), token=token)

    assert refusal is None or refusal.reason != "INTERNAL_FAULT"
    assert await theirs.rows() == before
