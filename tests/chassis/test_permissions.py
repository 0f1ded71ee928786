"""Who may call what, as the contract declares it."""

import pytest

from chassis.permissions import ROLES, AccessUndeclared, access_of, checked, permissions_of_roles, rpcs
from rappit.options.v1.access_pb2 import ORGANIZATION_NONE, ROLE_VIEWER, Access

RPC = "acme.v1.Till/Open"
GOOD = {"permission": "till.open", "least_role": ROLE_VIEWER, "callers": ["USER"], "reads": True}


def test_every_rpc_of_the_contract_declares_who_may_call_it() -> None:
    """Trap 4."""
    assert all(access_of(rpc).users or access_of(rpc).services for rpc in rpcs())
    assert "rappit.inventory.v1.ItemService/CreateItem" in rpcs()


def test_an_rpc_that_declares_nothing_is_named() -> None:
    """Trap 4."""
    with pytest.raises(AccessUndeclared, match=RPC):
        access_of(RPC)


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"callers": []}, "lets nobody in"),
        ({"least_role": 0}, "without its least role"),
        ({"permission": "", "every_user": True}, "without a permission"),
        ({"callers": ["orders"]}, "no USER can bring"),
        ({"permission": "", "least_role": 0}, "without a permission or every_user"),
        ({"every_user": True}, "without a permission or every_user"),
        ({"idempotency_key": True}, "reads and takes"),
    ],
)
def test_a_declaration_with_a_hole_or_a_contradiction_is_none(wrong: dict[str, object], fault: str) -> None:
    """Trap 4."""
    assert checked(RPC, Access(**GOOD)).users  # type: ignore[arg-type]
    with pytest.raises(AccessUndeclared, match=f"{RPC}.*{fault}"):
        checked(RPC, Access(**{**GOOD, **wrong}))  # type: ignore[arg-type]


def test_an_organisation_is_required_unless_the_contract_says_otherwise() -> None:
    assert checked(RPC, Access(**GOOD)).organization_required  # type: ignore[arg-type]
    none = checked(RPC, Access(callers=["gateway"], organization=ORGANIZATION_NONE))
    assert not none.organization_required


def test_each_role_holds_what_the_one_before_it_holds() -> None:
    held = permissions_of_roles()

    assert tuple(held) == ROLES
    assert held["VIEWER"] < held["OPERATOR"] < held["MANAGER"] < held["ADMIN"]
    assert "items.read" in held["VIEWER"]
    assert "stores.connect" in held["ADMIN"] - held["MANAGER"]


def test_what_may_be_sent_again_reads_or_takes_a_key() -> None:
    assert access_of("rappit.inventory.v1.ItemService/CreateItem").repeatable
    assert access_of("rappit.inventory.v1.ItemService/ListItems").repeatable
    assert not access_of("rappit.identity.v1.SessionService/SignIn").repeatable
