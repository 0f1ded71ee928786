"""OrganizationService."""

from uuid import UUID

from chassis.database.pool import Database
from chassis.paging import next_token, page_from
from chassis.rpc.context import Context, current_call
from identity.caller import calling_person
from identity.organizations.get_organization import get_organization
from identity.organizations.list_organizations import list_organizations
from identity.organizations.messages import organization_message
from rappit.identity.v1.organizations_pb2 import (
    GetOrganizationRequest,
    GetOrganizationResponse,
    ListOrganizationsRequest,
    ListOrganizationsResponse,
)
from rappit.identity.v1.organizations_pb2_grpc import OrganizationServiceServicer


class Organizations(OrganizationServiceServicer):
    """Organisations, each for its own people."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def GetOrganization(self, request: GetOrganizationRequest, context: Context) -> GetOrganizationResponse:
        organization = await self.database.read(current_call(), get_organization)
        return GetOrganizationResponse(organization=organization_message(organization))

    async def ListOrganizations(self, request: ListOrganizationsRequest, context: Context) -> ListOrganizationsResponse:
        call, filters = current_call(), "organizations"
        page = page_from(request.page_size, request.page_token, filters, [UUID])
        after = page.after[0] if page.after else None
        user_id = calling_person(call).user_id
        shown, there_are_more = await list_organizations(self.database, call, user_id, after=after, limit=page.size)
        return ListOrganizationsResponse(
            organizations=map(organization_message, shown),
            next_page_token=next_token(filters, shown[-1].id) if there_are_more else "",
        )
