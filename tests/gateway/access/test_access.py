"""A person's token on its way through the gateway to a service."""

import asyncio
from typing import Any

import pytest

from chassis.errors import NotAuthenticated, Refusal
from identity.errors import OrganizationNotActive
from rappit.identity.v1.events_pb2 import IdentityEvent, SessionEnded
from rappit.types.v1.event_header_pb2 import EventHeader
from tests.gateway.conftest import Served, serving
from tests.gateway.neighbours import Neighbours

EXCHANGE = "rappit.identity.v1.TokenService/ExchangeToken"


def refusing(refusal: Refusal) -> Any:
    def refuse(_: object) -> Any:
        raise refusal

    return refuse


async def test_a_service_gets_its_own_token_and_identity_is_asked_once(gateway: Served, neighbours: Neighbours) -> None:
    person = neighbours.sign_in()
    for path in ("/v1/orders", "/v1/orders", "/v1/items"):
        assert (await gateway.http.get(path, headers=person.headers)).status_code == 200

    assert [call.request.audience for call in neighbours.seen("ExchangeToken")] == ["orders", "inventory"]
    assert {call.caller.service for call in neighbours.seen("ExchangeToken")} == {"gateway"}
    assert {call.caller.name for call in neighbours.seen("ListOrders")} == {f"user:{person.user}"}


async def test_a_token_that_identity_refuses_is_a_401_in_its_words(gateway: Served, neighbours: Neighbours) -> None:
    answer = await gateway.http.get("/v1/orders", headers={"Authorization": "Bearer no.body.knows"})

    assert (answer.status_code, answer.json()["reason"]) == (401, "TOKEN_INVALID")
    assert "no.body.knows" not in answer.text
    assert neighbours.seen("ListOrders") == []


async def test_a_person_of_a_suspended_organization_is_told_so(gateway: Served, neighbours: Neighbours) -> None:
    """Trap 5, the gateway's part."""
    neighbours.answers[EXCHANGE] = refusing(OrganizationNotActive("SUSPENDED"))

    answer = await gateway.http.get("/v1/orders", headers=neighbours.sign_in().headers)

    assert (answer.status_code, answer.json()["reason"]) == (403, "ORGANIZATION_NOT_ACTIVE")


async def test_an_exchange_that_cannot_be_asked_is_a_503_and_never_a_401(
    gateway: Served, neighbours: Neighbours
) -> None:
    for refusal in (NotAuthenticated("the token of the gateway is forged"), NotAuthenticated("expired")):
        neighbours.answers[EXCHANGE] = refusing(refusal)
        answer = await gateway.http.get("/v1/orders", headers=neighbours.sign_in().headers)
        assert (answer.status_code, answer.json()["reason"]) == (503, "UNAVAILABLE_FOR_NOW")


async def test_while_identity_is_away_who_has_exchanged_goes_on_and_others_get_a_503(
    own_neighbours: Neighbours,
) -> None:
    known, new = own_neighbours.sign_in(), own_neighbours.sign_in()
    async with serving(own_neighbours) as gateway:
        assert (await gateway.http.get("/v1/orders", headers=known.headers)).status_code == 200
        await own_neighbours.close("identity")

        assert (await gateway.http.get("/v1/orders", headers=known.headers)).status_code == 200
        answer = await gateway.http.get("/v1/orders", headers=new.headers)
        assert (answer.status_code, answer.json()["metadata"]) == (503, {"part": "identity"})
        assert answer.headers["retry-after"]


async def test_a_token_about_to_end_is_used_and_not_kept(gateway: Served, neighbours: Neighbours) -> None:
    neighbours.token_life = 5
    person = neighbours.sign_in()
    for _ in range(2):
        assert (await gateway.http.get("/v1/orders", headers=person.headers)).status_code == 200

    assert len(neighbours.seen("ExchangeToken")) == 2


async def test_a_session_that_ends_is_refused_with_its_event(
    gateway_with_kafka: Served, own_neighbours: Neighbours
) -> None:
    person, other = own_neighbours.sign_in(), own_neighbours.sign_in()
    http, kafka = gateway_with_kafka.http, gateway_with_kafka.kafka
    for each in (person, other):
        assert (await http.get("/v1/orders", headers=each.headers)).status_code == 200

    del own_neighbours.people[person.token]
    event = IdentityEvent(
        header=EventHeader(aggregate_id=str(person.organization)),
        session_ended=SessionEnded(session_id=str(person.session)),
    )
    async with kafka.producer() as producer:
        await producer.send_and_wait(f"{kafka.prefix}{IdentityEvent.DESCRIPTOR.full_name}", event.SerializeToString())

    async with asyncio.timeout(20):
        while (await http.get("/v1/orders", headers=person.headers)).status_code != 401:
            continue
    asked = len(own_neighbours.seen("ExchangeToken"))
    assert (await http.get("/v1/orders", headers=other.headers)).status_code == 200
    assert len(own_neighbours.seen("ExchangeToken")) == asked


@pytest.mark.parametrize("path", ["/v1/accounts:signUp", "/v1/sessions", "/v1/sessions:refresh"])
async def test_who_has_no_session_yet_is_called_for_by_the_gateway(
    gateway: Served, neighbours: Neighbours, path: str
) -> None:
    """Whatever token the request carries."""
    body = {
        "/v1/accounts:signUp": {"organizationName": "Souq", "email": "a@example.com", "password": "a long walk to it"},
        "/v1/sessions": {"email": "a@example.com", "password": "a long walk to it"},
        "/v1/sessions:refresh": {"refreshToken": "r"},
    }[path]
    for authorization in ("Bearer no.body.knows", "nonsense", ""):
        headers = {"Idempotency-Key": "k", "Authorization": authorization}
        assert (await gateway.http.post(path, json=body, headers=headers)).status_code == 200
    assert {(call.caller.service, call.caller.organization) for call in neighbours.calls} == {("gateway", None)}
    assert neighbours.seen("ExchangeToken") == []
