"""Who may call what, as the contract declares it: `rappit.options.v1.access` of every RPC of `rappit.*`.

Read once from the descriptors that are installed with the contract, so that it is known for RPCs of other services too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from google.protobuf.descriptor_pb2 import FileDescriptorSet

from rappit.options.v1 import access_pb2

USER = "USER"
# Least first: each holds what the one before it holds.
ROLES = ("VIEWER", "OPERATOR", "MANAGER", "ADMIN")


class AccessUndeclared(Exception):
    """An RPC that does not say, or says in part, who may call it. It stops the start."""


@dataclass(frozen=True)
class Access:
    """Who may call an RPC.

    permission: what a person needs; empty where no person may call, or where `every_user` may.
    services: names of the services that may call.
    """

    organization_required: bool
    permission: str
    least_role: str
    users: bool
    every_user: bool
    services: frozenset[str]
    idempotency_key: bool
    reads: bool

    @property
    def repeatable(self) -> bool:
        """Whether a client may send the same call again."""
        return self.reads or self.idempotency_key


def access_of(rpc: str) -> Access:
    """Access of "rappit.inventory.v1.ItemService/CreateItem". Raises AccessUndeclared, which names it."""
    declared = _declared().get(rpc)
    if declared is None:
        raise AccessUndeclared(f"{rpc} does not declare who may call it")
    return checked(rpc, declared)


def checked(rpc: str, declared: access_pb2.Access) -> Access:
    """A declaration that is whole and contradicts nothing. Raises AccessUndeclared."""
    role = access_pb2.Role.Name(declared.least_role).removeprefix("ROLE_") if declared.least_role else ""
    access = Access(
        organization_required=declared.organization != access_pb2.ORGANIZATION_NONE,
        permission=declared.permission,
        least_role=role,
        users=USER in declared.callers,
        every_user=declared.every_user,
        services=frozenset(declared.callers) - {USER},
        idempotency_key=declared.idempotency_key,
        reads=declared.reads,
    )
    faults = {
        "lets nobody in": not declared.callers,
        "names a permission without its least role": bool(access.permission) and role not in ROLES,
        "names a least role without a permission": bool(role) and not access.permission,
        "names a permission that no USER can bring": bool(access.permission or access.every_user) and not access.users,
        "lets a USER in without a permission or every_user": access.users
        and bool(access.permission) == access.every_user,
        "reads and takes an idempotency key": access.reads and access.idempotency_key,
    }
    found = [fault for fault, is_there in faults.items() if is_there]
    if found:
        raise AccessUndeclared(f"{rpc} {found[0]}")
    return access


@cache
def rpcs() -> tuple[str, ...]:
    """All RPCs of the contract, in its order."""
    return tuple(_declared())


@cache
def permissions_of_roles() -> Mapping[str, frozenset[str]]:
    """The built-in roles, least first, each with all permissions that it holds."""
    accesses = [access_of(rpc) for rpc in rpcs()]
    return {
        role: frozenset(access.permission for access in accesses if access.least_role in ROLES[: rank + 1])
        for rank, role in enumerate(ROLES)
    }


@cache
def _declared() -> Mapping[str, access_pb2.Access | None]:
    image = resources.files("rappit").joinpath("contract.binpb").read_bytes()
    return {
        f"{file.package}.{service.name}/{method.name}": method.options.Extensions[access_pb2.access]
        if method.options.HasExtension(access_pb2.access)
        else None
        for file in FileDescriptorSet.FromString(image).file
        if file.package.startswith("rappit.")
        for service in file.service
        for method in service.method
    }
