"""A person's token on its way through the gateway to a service."""

import asyncio
import time
from ipaddress import ip_network
from typing import Any

import pytest

from chassis.errors import NotAuthenticated, NotPermitted, Refusal
from chassis.rpc.origin import Origin
from gateway import app
from gateway.access import revocations
from gateway.access.exchanges import Revoked
from gateway.access.identity import EXCHANGE_SECONDS
from gateway.access.revocations import ReadRevocations, Revocations
from gateway.edge.clients import ClientAddresses
from identity.errors import OrganizationNotActive
from rappit.identity.v1.events_pb2 import IdentityEvent, OrganizationStateChanged, SessionEnded, UserAccessChanged
from rappit.identity.v1.tokens_pb2 import AccessChange, InactiveOrganization, ListRevocationsResponse
from rappit.types.v1.event_header_pb2 import EventHeader
from tests.gateway.conftest import PLENTY, Served, serving
from tests.gateway.neighbours import Neighbours
from tests.given.log_lines import LogLines

EXCHANGE = "rappit.identity.v1.TokenService/ExchangeToken"
LIST = "rappit.identity.v1.TokenService/ListRevocations"


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


async def tell(gateway: Served, *events: IdentityEvent) -> None:
    """What identity publishes."""
    topic = f"{gateway.kafka.prefix}{IdentityEvent.DESCRIPTOR.full_name}"
    async with gateway.kafka.producer() as producer:
        for event in events:
            await producer.send_and_wait(topic, event.SerializeToString())


async def test_whoever_loses_access_is_refused_within_a_second(
    gateway_with_kafka: Served, own_neighbours: Neighbours
) -> None:
    """Trap 5, the gateway's part. An event that cannot be read stands before them and stops nothing."""
    people = [own_neighbours.sign_in() for _ in range(4)]
    http = gateway_with_kafka.http
    for each in people:
        assert (await http.get("/v1/orders", headers=each.headers)).status_code == 200
    ended, changed, suspended, other = people
    for each in (ended, changed, suspended):
        del own_neighbours.people[each.token]
    headers = [EventHeader(organization_id=str(each.organization)) for each in people]
    producer_was_warm = time.monotonic()
    await tell(
        gateway_with_kafka,
        IdentityEvent(header=headers[0], session_ended=SessionEnded(session_id="poison")),
        IdentityEvent(header=headers[0], session_ended=SessionEnded(session_id=str(ended.session))),
        IdentityEvent(header=headers[1], user_access_changed=UserAccessChanged(user_id=str(changed.user))),
        IdentityEvent(header=headers[2], organization_state_changed=OrganizationStateChanged()),
    )

    async with asyncio.timeout(20):
        for each in (ended, changed, suspended):
            while (await http.get("/v1/orders", headers=each.headers)).status_code != 401:
                continue
    assert time.monotonic() - producer_was_warm < 5
    asked = len(own_neighbours.seen("ExchangeToken"))
    assert (await http.get("/v1/orders", headers=other.headers)).status_code == 200
    assert len(own_neighbours.seen("ExchangeToken")) == asked


async def test_with_kafka_down_the_list_of_what_ended_is_read(gateway: Served, neighbours: Neighbours) -> None:
    """Trap 5. Here at once; the gateway reads it twice a minute."""
    people = [neighbours.sign_in() for _ in range(4)]
    for each in people:
        assert (await gateway.http.get("/v1/orders", headers=each.headers)).status_code == 200
    ended, changed, suspended, other = people
    neighbours.answers[LIST] = lambda _: ListRevocationsResponse(
        ended_session_ids=[str(ended.session)],
        access_changes=[AccessChange(user_id=str(changed.user))],
        inactive_organizations=[InactiveOrganization(organization_id=str(suspended.organization))],
    )
    neighbours.people.clear()

    await gateway.parts.revocations.read()
    statuses = [(await gateway.http.get("/v1/orders", headers=each.headers)).status_code for each in people]
    neighbours.answers[LIST] = lambda _: ListRevocationsResponse(truncated=True)
    await gateway.parts.revocations.read()

    assert statuses == [401, 401, 401, 200]
    assert (await gateway.http.get("/v1/orders", headers=other.headers)).status_code == 401


async def test_a_list_that_cannot_be_read_harms_nobody(
    gateway: Served, neighbours: Neighbours, log_lines: LogLines
) -> None:
    person = neighbours.sign_in()
    assert (await gateway.http.get("/v1/orders", headers=person.headers)).status_code == 200
    neighbours.answers[LIST] = refusing(NotPermitted("not you"))

    await gateway.parts.revocations.read()

    assert (await gateway.http.get("/v1/orders", headers=person.headers)).status_code == 200
    assert len(log_lines.of("revocations could not be read")) == 1


async def test_the_list_is_read_from_the_start_and_again() -> None:
    read = 0

    async def ask() -> Revocations:
        nonlocal read
        read += 1
        if read == 3:
            await reading.stop()
        return Revocations(Revoked(), truncated=False)

    reading = ReadRevocations(ask, [], seconds=0.001)
    await asyncio.wait_for(reading.run(), 10)

    assert read == 3
    assert revocations.SECONDS + EXCHANGE_SECONDS < 60


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


async def test_where_who_signs_in_comes_from_is_told(gateway: Served, neighbours: Neighbours) -> None:
    """Trap 8. The address that is counted: what a stranger writes in a header is not it. Who is signed in has a
    session, which knows."""
    edge = app.Edge(ClientAddresses([ip_network("127.0.0.0/8")]), PLENTY.limits, ())
    agent = (b"User-Agent", "Firefox/142 \u00b7".encode())
    body = {"email": "a@example.com", "password": "a long walk to it"}
    person = neighbours.sign_in()
    async with serving(neighbours, edge=edge) as behind_a_proxy:
        for served in (behind_a_proxy, gateway):
            forwarded = [(b"X-Forwarded-For", b"192.0.2.9, 198.51.100.7"), agent]
            await served.http.post("/v1/sessions", json=body, headers=forwarded)
        await gateway.http.get("/v1/orders", headers=[(b"Authorization", f"Bearer {person.token}".encode()), agent])

    assert [call.origin for call in neighbours.seen("SignIn")] == [
        Origin("198.51.100.7", "Firefox/142 ??"),
        Origin("127.0.0.1", "Firefox/142 ??"),
    ]
    assert neighbours.seen("ListOrders")[0].origin == Origin()
