"""OrganizationService."""

from chassis.database.pool import Database
from chassis.rpc.context import Context, current_call
from identity.organizations.get_organization import get_organization
from identity.organizations.messages import organization_message
from rappit.identity.v1.organizations_pb2 import GetOrganizationRequest, GetOrganizationResponse
from rappit.identity.v1.organizations_pb2_grpc import OrganizationServiceServicer


class Organizations(OrganizationServiceServicer):
    """Organisations, each for its own people."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def GetOrganization(self, request: GetOrganizationRequest, context: Context) -> GetOrganizationResponse:
        organization = await self.database.read(current_call(), get_organization)
        return GetOrganizationResponse(organization=organization_message(organization))
