"""Every HTTP route lets in whom the contract lets in, and nobody else: through the gateway, over the real services.

The routes are those of the document that the gateway serves; one that cannot be probed fails. Each answer, refusals
too, is held against that document.
"""

import pytest
from google.protobuf import json_format
from google.protobuf.message import Message

from chassis.errors import InvalidRequest
from chassis.permissions import ROLES
from gateway.rest.contract import Route, read_routes
from gateway.rest.documents import read_message
from rappit.identity.v1.tokens_pb2 import ExchangeTokenRequest
from rappit_client.transcoding import write_request
from tests.clients.test_every_rpc import RPCS
from tests.contract.another_organization import PASSWORD, AnotherOrganization
from tests.contract.edge import NOT_AUTHENTICATED, Edge, People, Told, told
from tests.contract.example_requests import CannotProbe, invalid_requests
from tests.contract.id_fields import id_fields, request_naming, request_naming_nonsense
from tests.contract.test_another_organization import LOOKED_AT, MADE_BY_CALLER, own_ids

ROUTES = {f"{route.method} {route.path}": route for route in read_routes()}
PEOPLES = [name for name, route in ROUTES.items() if route.access.users]
OTHERS = [name for name in ROUTES if name not in PEOPLES]
LIVE = "GET /v1/events"
EXCHANGE = "rappit.identity.v1.TokenService/ExchangeToken"

# What these need was used up by the one before, in the contract's order: the letter was replayed, the hold released.
USED_UP = {
    "POST /v1/deadLetters/orders/{consumer}/{event_id}:discard",
    "POST /v1/orders/{order_id}/holds/{hold_id}:release",
    "POST /v1/deliveries/{delivery_id}:replay",
    "POST /v1/deliveries/{delivery_id}:discard",
}

# Nothing breaks a rule of these, so that they are carried out: the session that asks ends.
END_THE_SESSION = {"POST /v1/sessions:signOut", "POST /v1/sessions:endAll"}


def test_every_operation_that_is_described_is_probed(edge: Edge) -> None:
    described = {f"{method} {path}" for method, path in edge.described.operations}

    assert described == {*PEOPLES, *OTHERS, LIVE}
    assert {
        name
        for name in described
        for operation in [edge.described.operations[tuple(name.split(" "))]]  # type: ignore[index]
        if operation["security"]
    } == {*PEOPLES, LIVE}


@pytest.mark.parametrize("name", PEOPLES)
async def test_strangers_are_refused_and_change_nothing(
    edge: Edge, people: People, ours: AnotherOrganization, name: str
) -> None:
    """Traps 4, 5 and 50."""
    route = ROUTES[name]
    request = request_naming(route.rpc, own_ids(ours, route.rpc))
    # What they might bring besides is tried once for each service, on its first route.
    is_first = name == next(other for other in PEOPLES if ROUTES[other].callee == route.callee)
    strangers = people.strangers | (people.forgers if is_first else {})
    before = await ours.rows()
    answers = {who: told(await edge.ask(route, request, each.authorization)) for who, each in strangers.items()}

    assert answers == {who: each.refusal for who, each in strangers.items()}
    assert await ours.rows() == before


@pytest.mark.parametrize("audience", sorted({ROUTES[name].callee for name in PEOPLES}))
async def test_strangers_get_no_token_of_a_service(edge: Edge, people: People, audience: str) -> None:
    """Traps 5 and 50. Over gRPC there is no other way in for a person."""
    installation, refusals = edge.installation, {}
    strangers = {
        who: each for who, each in (people.strangers | people.forgers).items() if each.refusal != NOT_AUTHENTICATED
    }
    for who, stranger in strangers.items():
        subject = str(stranger.authorization).removeprefix("Bearer ")
        request = ExchangeTokenRequest(subject_token=subject, audience=audience).SerializeToString()
        refusal = await installation.refusal(EXCHANGE, request, token=installation.service("gateway", EXCHANGE))
        refusals[who] = refusal.reason if refusal else ""

    assert refusals == {who: each.refusal.reason for who, each in strangers.items()}


async def test_strangers_do_not_listen(edge: Edge, people: People) -> None:
    """Traps 4, 5 and 50."""
    for who, (authorization, refusal) in (people.strangers | people.forgers).items():
        headers = {"Authorization": authorization} if authorization else {}
        answer = await edge.gateway.http.get("/v1/events", headers=headers)
        edge.described.check("GET", "/v1/events", answer)
        assert told(answer) == refusal, who


@pytest.mark.parametrize("name", PEOPLES)
async def test_a_role_is_let_in_from_the_least_one_upwards(
    edge: Edge, people: People, ours: AnotherOrganization, name: str
) -> None:
    """Trap 4. Whoever is let in is told what is wrong with the request; who only reads is answered."""
    route = ROUTES[name]
    least = 0 if route.access.every_user else ROLES.index(route.access.least_role)
    if route.access.reads or name in END_THE_SESSION:
        request, let_in = request_naming(route.rpc, own_ids(ours, route.rpc)), Told(200, "")
    else:
        request, let_in = broken_request(route), Told(400, "INVALID_REQUEST")
    for rank, role in enumerate(ROLES):
        token = people.tokens[role]
        if name in END_THE_SESSION:
            token = f"Bearer {await edge.sign_in(people.leaving[role])}"
        answer = told(await edge.ask(route, request, token))
        assert answer == (let_in if rank >= least else Told(403, "NOT_PERMITTED")), role


@pytest.mark.parametrize("name", [name for name in PEOPLES if id_fields(ROUTES[name].rpc)])
async def test_anothers_ids_are_not_there(
    edge: Edge, people: People, ours: AnotherOrganization, theirs: AnotherOrganization, name: str
) -> None:
    """Trap 2. In the path, the query and the body, one at a time."""
    route = ROUTES[name]
    before = await ours.rows(), await theirs.rows()
    for field in id_fields(route.rpc):
        place = (route.rpc, str(field))
        if place in LOOKED_AT or place in MADE_BY_CALLER:
            continue  # test_another_organization.py
        request = request_naming(route.rpc, own_ids(ours, route.rpc), field, theirs.ids[field.kind])
        answer = await edge.ask(route, request, people.tokens["ADMIN"])
        assert answer.status_code == 404 or (answer.status_code == 200 and not any(answer.json().values())), field

    assert (await ours.rows(), await theirs.rows()) == before


async def test_its_own_people_are_answered(edge: Edge) -> None:
    """Trap 2. The ids that others may not name are good. Not everything that is asked can be done, but all is there."""
    ours = await AnotherOrganization.founded(edge.installation)
    token, refused = "", {}
    for name in PEOPLES:
        route = ROUTES[name]
        own, fields = own_ids(ours, route.rpc), id_fields(route.rpc)
        named = [request_naming(route.rpc, own, field, ours.ids[field.kind]) for field in fields]
        for request in named or [request_naming(route.rpc, own)]:
            answer = await edge.ask(route, request, token)
            if answer.status_code == 401:  # one of them ends the person's sessions
                token = f"Bearer {await edge.sign_in(ours.email)}"
                answer = await edge.ask(route, request, token)
            if answer.status_code != 200:
                refused[name] = answer.status_code

    assert {name for name, status in refused.items() if status == 404} <= USED_UP
    assert set(refused.values()) <= {400, 404, 409}
    assert len(refused) < len(PEOPLES) / 4


@pytest.mark.parametrize("name", [name for name in OTHERS if id_fields(ROUTES[name].rpc)])
async def test_who_signs_in_names_an_organization_of_their_own(
    edge: Edge, people: People, theirs: AnotherOrganization, name: str
) -> None:
    """Trap 2."""
    route = ROUTES[name]
    body = {"email": people.emails["ADMIN"], "password": PASSWORD}
    session = (await edge.gateway.http.post("/v1/sessions", json=body)).json()["tokens"]
    (field,) = id_fields(route.rpc)
    request = request_naming(route.rpc, theirs.ids, field, theirs.ids[field.kind])
    for credential, value in {**body, "refresh_token": session["refreshToken"]}.items():
        if credential in request.DESCRIPTOR.fields_by_name:
            setattr(request, credential, value)
    before = await theirs.rows()

    assert told(await edge.ask(route, request, None)) == Told(403, "NOT_A_MEMBER")
    assert await theirs.rows() == before


def broken_request(route: Route) -> Message:
    """One that the gateway passes on, and that breaks a rule of its service. Raises CannotProbe."""
    if request := request_naming_nonsense(route.rpc):
        return request
    for broken in invalid_requests(route.rpc).values():
        try:
            read_message(json_format.MessageToDict(broken), route.request_type)
            write_request(RPCS[route.rpc], broken)
        except (InvalidRequest, ValueError):
            continue
        return broken
    raise CannotProbe(f"{route.rpc}: no request of it reaches the service and breaks a rule")
