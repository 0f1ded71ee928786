"""Whatever a service may refuse a route with comes out as the document says: every route, every reason."""

from typing import Any

import pytest

from chassis.errors import Refusal
from gateway.edge.statuses import HTTP_STATUS
from gateway.openapi.reasons import Reason, reasons_of
from gateway.rest.contract import read_routes
from tests.gateway.conftest import Served
from tests.gateway.neighbours import Answer, Neighbours
from tests.gateway.rest.test_every_route import send
from tests.given.described_api import DescribedApi

ROUTES = {f"{route.method} {route.path}": route for route in read_routes()}
CODES = {status: code for code, status in HTTP_STATUS.items()}


@pytest.fixture(scope="session")
async def described(_shared: tuple[Neighbours, Served]) -> DescribedApi:
    """The document as it is served."""
    return DescribedApi((await _shared[1].http.get("/openapi.json")).json())


def refusing(reason: Reason) -> Answer:
    """A service that refuses so."""
    name = reason.name.title().replace("_", "")
    refusal = type(name, (Refusal,), {"code": CODES[reason.status], "domain": reason.domain})

    def refuse(_: object) -> Any:
        raise refusal("in words", facts=reason.metadata)

    return refuse


@pytest.mark.parametrize("name", ROUTES)
async def test_a_refusal_of_the_service_is_one_that_is_described(
    gateway: Served, neighbours: Neighbours, described: DescribedApi, name: str
) -> None:
    route, person = ROUTES[name], neighbours.sign_in()
    domains = {"OVERLOADED": "rappit"}  # of everybody's reasons one is enough
    for reason in reasons_of(route):
        if reason.domain != domains.get(reason.name, f"{route.callee}.rappit"):
            continue
        neighbours.answers[route.rpc] = refusing(reason)
        answer, _ = await send(gateway, route, person.headers)
        assert (answer.status_code, answer.json()["reason"]) == (reason.status, reason.name)
        assert answer.json()["metadata"] == reason.metadata
        described.check(route.method, route.path, answer)
