"""Nobody is let in by default: what each RPC declares about its callers."""

from typing import Any

import pytest

from proto.map import rpcs
from rappit.options.v1 import access_pb2

CALLERS = {"USER", "identity", "orders", "inventory", "shipping", "gateway", "simulator"}


def faults(access: access_pb2.Access | None) -> list[str]:
    if access is None:
        return ["declares no access"]
    rules = {
        "lets nobody in": not access.callers,
        "lets in somebody unknown": not set(access.callers) <= CALLERS,
        "names a permission or its least role without the other": bool(access.permission) != bool(access.least_role),
        "lets in every USER and no USER": access.every_user and "USER" not in access.callers,
        "names a permission that no USER can bring": bool(access.permission) and "USER" not in access.callers,
        "lets in a USER by neither a permission nor every_user, or by both": "USER" in access.callers
        and bool(access.permission) == access.every_user,
        "asks a USER without an organisation": "USER" in access.callers
        and access.organization == access_pb2.ORGANIZATION_NONE,
        "both reads and takes an idempotency key": access.reads and access.idempotency_key,
        "lets a USER change something without an idempotency key": "USER" in access.callers
        and not (access.reads or access.idempotency_key),
    }
    return [rule for rule, broken in rules.items() if broken]


def test_every_rpc_declares_who_may_call_it() -> None:
    found = [f"{rpc.context}.{rpc.name} {fault}" for rpc in rpcs() for fault in faults(rpc.access)]

    assert found == []
    assert len(rpcs()) > 0


PERMISSION: dict[str, Any] = {"permission": "items.read", "least_role": access_pb2.ROLE_VIEWER}


@pytest.mark.parametrize(
    "declared",
    [
        {},
        {"callers": ["acme"]},
        {"callers": ["USER"], "permission": "items.read", "reads": True},
        {"callers": ["orders"], **PERMISSION},
        {"callers": ["orders"], "every_user": True},
        {"callers": ["USER"], "reads": True},
        {"callers": ["USER"], "every_user": True, "reads": True, **PERMISSION},
        {"callers": ["USER"], "every_user": True, "reads": True, "organization": access_pb2.ORGANIZATION_NONE},
        {"callers": ["USER"], "reads": True, "idempotency_key": True, **PERMISSION},
        {"callers": ["USER"], **PERMISSION},
    ],
)
def test_each_rule_refuses_what_breaks_it(declared: dict[str, Any]) -> None:
    assert len(faults(access_pb2.Access(**declared))) == 1


def test_every_user_is_as_good_as_a_permission() -> None:
    assert faults(access_pb2.Access(callers=["USER"], every_user=True, reads=True)) == []
    assert faults(access_pb2.Access(callers=["USER"], reads=True, **PERMISSION)) == []
    assert faults(None) == ["declares no access"]
