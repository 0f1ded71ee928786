"""Nobody is let in by default: what each RPC declares about its callers."""

from proto.map import Rpc, rpcs
from rappit.options.v1 import access_pb2

CALLERS = {"USER", "identity", "orders", "inventory", "shipping", "gateway", "simulator"}


def faults(rpc: Rpc) -> list[str]:
    access = rpc.access
    if access is None:
        return ["declares no access"]
    rules = {
        "lets nobody in": not access.callers,
        "lets in somebody unknown": not set(access.callers) <= CALLERS,
        "names a permission or its least role without the other": bool(access.permission) != bool(access.least_role),
        "names a permission that no USER can bring": bool(access.permission) and "USER" not in access.callers,
        "asks a USER without an organisation": "USER" in access.callers
        and access.organization == access_pb2.ORGANIZATION_NONE,
        "both reads and takes an idempotency key": access.reads and access.idempotency_key,
        "lets a USER change something without an idempotency key": "USER" in access.callers
        and not (access.reads or access.idempotency_key),
    }
    return [rule for rule, broken in rules.items() if broken]


def test_every_rpc_declares_who_may_call_it() -> None:
    found = [f"{rpc.context}.{rpc.name} {fault}" for rpc in rpcs() for fault in faults(rpc)]

    assert found == []
    assert len(rpcs()) > 0
