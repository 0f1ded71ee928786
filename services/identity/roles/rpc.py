"""RoleService."""

from chassis.rpc.context import Context
from identity.roles.list_roles import list_roles
from rappit.identity.v1.roles_pb2 import ListRolesRequest, ListRolesResponse, RoleSummary
from rappit.identity.v1.roles_pb2_grpc import RoleServiceServicer


class Roles(RoleServiceServicer):
    """The built-in roles: the same for every organisation, so that no table is read."""

    async def ListRoles(self, request: ListRolesRequest, context: Context) -> ListRolesResponse:
        return ListRolesResponse(
            roles=[RoleSummary(name=role.name, permissions=role.permissions) for role in list_roles()]
        )
