"""ListRoles."""

from dataclasses import dataclass

from chassis.permissions import permissions_of_roles


@dataclass(frozen=True, slots=True)
class RoleWithPermissions:
    """A role and all that it permits, sorted."""

    name: str
    permissions: tuple[str, ...]


def list_roles() -> list[RoleWithPermissions]:
    """The built-in roles, least first, as the contract's RPCs declare them."""
    return [RoleWithPermissions(role, tuple(sorted(held))) for role, held in permissions_of_roles().items()]
