"""Every RPC with google.api.http, generated from the contract: what is sent arrives, what is answered comes back."""

import json
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from google.protobuf import json_format
from google.protobuf.message import Message

from chassis.permissions import rpcs
from gateway.rest.contract import Route, contract_files, read_routes
from tests.gateway.conftest import Served
from tests.gateway.neighbours import Neighbours
from tests.gateway.rest.examples import example

ROUTES = {f"{route.callee}/{route.rpc.split('/')[1]}": route for route in read_routes()}
KEY = "0192f3a4-key"


class Asked:
    """A full request of a route, as HTTP."""

    def __init__(self, route: Route) -> None:
        self.message = example(route.request_type)
        document = json_format.MessageToDict(self.message)
        self.path = route.path
        for name in route.template.fields:
            camel = route.request_type.DESCRIPTOR.fields_by_name[name].camelcase_name
            self.path = self.path.replace(f"{{{name}}}", quote(str(document.pop(camel)), safe=""))
        self.json = document if route.has_body else None
        self.params: Any = None
        if not route.has_body:
            self.params = [pair for name in document for pair in pairs(name, document[name])]


def pairs(name: str, value: Any) -> list[tuple[str, str]]:
    """Query parameters of a field; a list is its name repeated."""
    values = value if isinstance(value, list) else [value]
    return [(name, str(each).lower() if isinstance(each, bool) else str(each)) for each in values]


async def send(gateway: Served, route: Route, headers: dict[str, str]) -> tuple[Any, Message]:
    asked = Asked(route)
    answer = await gateway.http.request(
        route.method,
        asked.path,
        json=asked.json,
        params=asked.params,
        headers={"Idempotency-Key": KEY, **headers},
    )
    return answer, asked.message


def test_every_rpc_with_a_route_is_here_and_the_others_are_not() -> None:
    image = [method for file in contract_files() for s in file.services_by_name.values() for method in s.methods]
    declared = {
        f"{method.full_name.split('.')[1]}/{method.name}"
        for method in image
        if any(f.name == "http" for f, _ in method.GetOptions().ListFields())
    }

    assert set(ROUTES) == declared
    assert len(image) == len(rpcs())
    hidden = {"orders/ResolveStore", "orders/AcceptDelivery", "identity/ExchangeToken", "identity/ListRevocations"}
    assert hidden.isdisjoint(ROUTES)


@pytest.mark.parametrize("name", ROUTES)
async def test_a_full_request_arrives_whole_and_a_full_answer_comes_back(
    gateway: Served, neighbours: Neighbours, name: str
) -> None:
    """Trap 17, for all 64-bit numbers of the API."""
    route = ROUTES[name]
    person = neighbours.sign_in()
    response = example(route.response_type)
    neighbours.answers[route.rpc] = lambda _: response

    answer, sent = await send(gateway, route, person.headers)

    assert answer.status_code == 200, answer.text
    (seen,) = neighbours.seen(name.partition("/")[2])
    assert seen.request == sent
    assert seen.idempotency_key == (KEY if route.access.idempotency_key else None)
    if route.access.users:
        assert (seen.caller.user_id, seen.caller.organization) == (person.user, person.organization)
    else:
        assert (seen.caller.service, seen.caller.organization) == ("gateway", None)
    assert json_format.ParseDict(answer.json(), route.response_type()) == response
    assert '"2026-03-01T09:30:00.123456789Z"' in answer.text or "Time" not in answer.text


@pytest.mark.parametrize("name", [name for name, route in ROUTES.items() if route.access.users])
async def test_without_a_token_nobody_is_called(gateway: Served, neighbours: Neighbours, name: str) -> None:
    """Trap 4."""
    answer, _ = await send(gateway, ROUTES[name], {})

    assert (answer.status_code, answer.json()["reason"]) == (401, "NOT_AUTHENTICATED")
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert neighbours.calls == []


@pytest.mark.parametrize("name", [name for name, route in ROUTES.items() if route.access.idempotency_key])
async def test_where_a_key_is_taken_it_is_required(gateway: Served, neighbours: Neighbours, name: str) -> None:
    person = neighbours.sign_in()

    keys: list[Any] = ["", "k" * 201, "with space", b"\xe9"]
    for key in keys:
        answer, _ = await send(gateway, ROUTES[name], {**person.headers, "Idempotency-Key": key})
        assert (answer.status_code, answer.json()["reason"]) == (400, "IDEMPOTENCY_KEY_REQUIRED")
    assert neighbours.calls == []


@pytest.mark.parametrize("name", [name for name, route in ROUTES.items() if route.has_body])
async def test_an_unknown_field_is_named_and_nobody_is_called(
    gateway: Served, neighbours: Neighbours, name: str
) -> None:
    route, person = ROUTES[name], neighbours.sign_in()
    asked = Asked(route)
    body = json.dumps({**(asked.json or {}), "organizationIdd": "x"})

    headers = {**person.headers, "Idempotency-Key": KEY, "Content-Type": "application/json"}
    answer = await gateway.http.request(route.method, asked.path, content=body, headers=headers)

    assert (answer.status_code, answer.json()["reason"]) == (400, "INVALID_REQUEST")
    assert answer.json()["violations"] == [
        {"field": "organizationIdd", "description": "is not a field of this request"}
    ]
    assert neighbours.seen(name.partition("/")[2]) == []


async def test_the_organization_is_never_a_part_of_a_request(neighbours: Neighbours) -> None:
    """It comes from the token. Whoever opens a session or switches to another names one that they belong to."""
    fields = {(name, field.name) for name, route in ROUTES.items() for field in route.request_type.DESCRIPTOR.fields}

    assert {name for name, field in fields if field == "organization_id"} == {
        "identity/SignIn",
        "identity/SwitchOrganization",
    }
    assert UUID(int=0) not in {person.organization for person in neighbours.people.values()}
