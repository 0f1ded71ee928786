"""PrivacyService."""

from datetime import datetime
from uuid import UUID

from chassis.database.pool import Database
from chassis.paging import next_token, page_from
from chassis.rpc.context import Context, current_call
from orders.privacy import messages
from orders.privacy.list_privacy_request_orders import list_privacy_request_orders
from orders.privacy.list_privacy_requests import list_privacy_requests
from rappit.orders.v1.privacy_pb2 import (
    ListPrivacyRequestOrdersRequest,
    ListPrivacyRequestOrdersResponse,
    ListPrivacyRequestsRequest,
    ListPrivacyRequestsResponse,
)
from rappit.orders.v1.privacy_pb2_grpc import PrivacyServiceServicer


class Privacy(PrivacyServiceServicer):
    """What the stores of the caller's organisation asked for people."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def ListPrivacyRequests(
        self, request: ListPrivacyRequestsRequest, context: Context
    ) -> ListPrivacyRequestsResponse:
        store_id = UUID(request.store_id) if request.store_id else None
        filters = f"privacy requests {store_id}"
        page = page_from(request.page_size, request.page_token, filters, [datetime, UUID])
        after = (page.after[0], page.after[1]) if page.after else None
        found = await self.database.read(
            current_call(), lambda tx: list_privacy_requests(tx, store_id, after, page.size + 1)
        )
        shown = found[: page.size]
        more = len(found) > page.size
        return ListPrivacyRequestsResponse(
            privacy_requests=map(messages.privacy_request, shown),
            next_page_token=next_token(filters, shown[-1].create_time, shown[-1].id) if more else "",
        )

    async def ListPrivacyRequestOrders(
        self, request: ListPrivacyRequestOrdersRequest, context: Context
    ) -> ListPrivacyRequestOrdersResponse:
        request_id = UUID(request.privacy_request_id)
        filters = f"orders of privacy request {request_id}"
        page = page_from(request.page_size, request.page_token, filters, [UUID])
        after = page.after[0] if page.after else None
        found = await self.database.read(
            current_call(), lambda tx: list_privacy_request_orders(tx, request_id, after, page.size + 1)
        )
        shown = found[: page.size]
        more = len(found) > page.size
        return ListPrivacyRequestOrdersResponse(
            orders=map(messages.found_order, shown),
            next_page_token=next_token(filters, shown[-1].id) if more else "",
        )
