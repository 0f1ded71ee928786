"""No organisation reaches another's things, by any RPC and any field that takes an id; the contract lists them."""

from uuid import uuid4

import pytest

from chassis.errors import RemoteRefusal
from chassis.permissions import ROLES, access_of, permissions_of_roles, rpcs
from tests.contract.another_organization import AnotherOrganization
from tests.contract.installation import Installation

PEOPLES_RPCS = [rpc for rpc in rpcs() if access_of(rpc).users]


@pytest.fixture(scope="session")
async def another(installation: Installation) -> AnotherOrganization:
    """One for all tests of the worker."""
    return await AnotherOrganization.founded(installation)


@pytest.mark.parametrize("rpc", PEOPLES_RPCS)
async def test_anothers_ids_are_found_by_nobody_and_change_nothing(
    installation: Installation, another: AnotherOrganization, rpc: str
) -> None:
    """Trap 2. All ids of the request are the other's; a filter finds nothing, everything else is not there."""
    request = another.request_with_its_ids(rpc)
    if request is None:
        return
    before = await another.rows()
    try:
        answer = await installation.answer(rpc, request, token=installation.allowed(rpc), key=str(uuid4()))
        told = "nothing" if access_of(rpc).reads and not answer.ListFields() else str(answer)
    except RemoteRefusal as refusal:
        told = refusal.code.name

    assert told in {"NOT_FOUND", "nothing"}
    assert await another.rows() == before


async def test_it_has_what_it_is_asked_for(installation: Installation, another: AnotherOrganization) -> None:
    """Trap 2. The ids are good: their own people are answered where all that is needed is an id."""
    found = 0
    for rpc in PEOPLES_RPCS:
        request = another.request_with_its_ids(rpc)
        if request is not None and access_of(rpc).reads:
            assert (await another.call(rpc, request)).ListFields(), rpc
            found += 1

    assert found


@pytest.mark.parametrize("rpc", PEOPLES_RPCS)
async def test_a_role_lets_in_from_the_least_one_upwards(installation: Installation, rpc: str) -> None:
    """Trap 4."""
    access = access_of(rpc)
    request = b"\xff\xff\xff"  # whoever is let in is told that this is no request
    told = {}
    for role in ROLES:
        token = installation.person(rpc, *permissions_of_roles()[role])
        refusal = await installation.refusal(rpc, request, token=token, key=str(uuid4()))
        told[role] = refusal.reason if refusal else ""
    least = 0 if access.every_user else ROLES.index(access.least_role)

    assert told == {role: "INVALID_REQUEST" if index >= least else "NOT_PERMITTED" for index, role in enumerate(ROLES)}
