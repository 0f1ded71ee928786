"""The stream as a client has it, on real sockets."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from unittest.mock import AsyncMock
from uuid import uuid4

import pytest

from chassis.errors import NotAuthenticated
from gateway.access.exchanges import Exchanged
from gateway.edge.bodies import ClientLeft
from gateway.live import serve
from gateway.live.on_events import something_changed
from gateway.live.streams import Streams
from rappit.gateway.v1.live_pb2 import LiveSubject
from rappit.identity.v1.events_pb2 import IdentityEvent, SessionEnded
from rappit.inventory.v1.events_pb2 import StockEvent
from rappit.orders.v1.events_pb2 import OrderChanged, OrderEvent
from rappit.types.v1.event_header_pb2 import EventHeader
from tests.gateway.conftest import Served, serving
from tests.gateway.neighbours import Neighbours, Person
from tests.given.waiting import until

ORDER = "0192f3a4-0000-7000-8000-000000000001"


class Listening:
    """A client's lines."""

    def __init__(self, lines: AsyncIterator[str]) -> None:
        self.lines = lines

    async def next(self) -> dict[str, str]:
        """The next event, or comment, by the names of its lines."""
        found: dict[str, str] = {}
        async with asyncio.timeout(10):
            while line := await anext(self.lines, ""):
                name, _, value = line.partition(": ") if not line.startswith(":") else ("comment", "", line)
                found[name] = value
        return found


@asynccontextmanager
async def listening(gateway: Served, person: Person, last: str = "") -> AsyncIterator[Listening]:
    headers = {**person.headers, **({"Last-Event-ID": last} if last else {})}
    async with gateway.http.stream("GET", "/v1/events", headers=headers) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-store"
        client = Listening(answer.aiter_lines())
        assert await client.next() == {"retry": "2000"}
        yield client


def change(gateway: Served, person: Person, version: int = 7) -> None:
    header = EventHeader(organization_id=str(person.organization), aggregate_id=ORDER, aggregate_version=version)
    header.time.FromJsonString("2026-03-01T09:30:00Z")
    event = OrderEvent(header=header, order_changed=OrderChanged(cancelled=True))
    something_changed(gateway.parts.streams, LiveSubject.LIVE_SUBJECT_ORDER, event)


async def test_a_change_is_told_by_id_and_version_alone(gateway: Served, neighbours: Neighbours) -> None:
    person = neighbours.sign_in()
    async with listening(gateway, person) as client:
        place = await client.next()
        change(gateway, neighbours.sign_in(), version=6)
        change(gateway, person)
        update = await client.next()

    assert place.keys() == {"id"}
    assert (update["event"], json.loads(update["data"])) == (
        "update",
        {"subject": "LIVE_SUBJECT_ORDER", "id": ORDER, "version": "7", "changeTime": "2026-03-01T09:30:00Z"},
    )
    async with listening(gateway, person, last=update["id"]) as client:
        change(gateway, person, version=8)
        assert json.loads((await client.next())["data"])["version"] == "8"
    async with listening(gateway, person, last="of-another-replica.1") as client:
        assert (await client.next())["event"] == "reset"


async def test_events_of_all_services_are_heard(gateway_with_kafka: Served, own_neighbours: Neighbours) -> None:
    person, prefix = own_neighbours.sign_in(), gateway_with_kafka.kafka.prefix
    header = EventHeader(organization_id=str(person.organization), aggregate_id=ORDER)
    session = IdentityEvent(header=header, session_ended=SessionEnded(session_id=str(uuid4())))
    events: list[Any] = [OrderEvent(header=header), StockEvent(header=header), session]
    async with listening(gateway_with_kafka, person) as client:
        await client.next()
        async with gateway_with_kafka.kafka.producer() as producer:
            for event in events:
                await producer.send_and_wait(f"{prefix}{event.DESCRIPTOR.full_name}", event.SerializeToString())
        told = {json.loads((await client.next())["data"])["subject"] for _ in events}

    assert told == {"LIVE_SUBJECT_ORDER", "LIVE_SUBJECT_STOCK", "LIVE_SUBJECT_ORGANIZATION"}


async def test_a_silent_stream_is_kept_alive_and_its_session_asked_about(
    gateway: Served, neighbours: Neighbours, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It goes on while nobody can be asked, and ends with the session."""
    monkeypatch.setattr(serve, "KEEP_ALIVE_SECONDS", 0.05)
    monkeypatch.setattr(serve, "CHECK_SECONDS", 0.0)
    neighbours.token_life = 5
    person = neighbours.sign_in()
    exchange = neighbours.answers["rappit.identity.v1.TokenService/ExchangeToken"]

    def away(_: object) -> Any:
        raise NotAuthenticated("the gateway is not known")

    async with listening(gateway, person) as client:
        await client.next()
        assert (await client.next()) == {"comment": ":"}
        neighbours.answers["rappit.identity.v1.TokenService/ExchangeToken"] = away
        asked = len(neighbours.seen("ExchangeToken"))
        await until(lambda: len(neighbours.seen("ExchangeToken")) > asked + 1)
        neighbours.answers["rappit.identity.v1.TokenService/ExchangeToken"] = exchange
        del neighbours.people[person.token]
        while await client.next():
            pass


async def test_who_takes_nothing_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection is full, so that sending does not end."""
    monkeypatch.setattr(serve, "SEND_SECONDS", 0.05)
    streams = Streams()
    streams.set_ready(True)
    stream = streams.open(Exchanged("token", uuid4(), uuid4(), uuid4(), 0.0, frozenset()), "")
    sent: list[Any] = []

    async def send(message: Any) -> None:
        if sent:
            await asyncio.Event().wait()
        sent.append(message)

    async def nobody_leaves() -> Any:
        await asyncio.Event().wait()

    answer = serve._EventStream(streams, stream, AsyncMock(return_value=True))
    async with asyncio.timeout(5):
        with pytest.raises(ClientLeft):
            await answer({"type": "http"}, nobody_leaves, send)

    assert [message["type"] for message in sent] == ["http.response.start"]
    assert streams._streams == set()


async def test_who_leaves_is_let_go(gateway: Served, neighbours: Neighbours) -> None:
    async with listening(gateway, neighbours.sign_in()):
        assert len(gateway.parts.streams._streams) == 1
    await until(lambda: not gateway.parts.streams._streams)
    await until(lambda: gateway.log)

    assert (gateway.log[-1]["route"], gateway.log[-1]["event"]) == ("/v1/events", "client left")


async def test_nobody_hears_what_they_may_not_read(gateway: Served, neighbours: Neighbours) -> None:
    """Trap 4. Identity says what they may."""
    person = neighbours.sign_in(permissions=frozenset({"inventory.read"}))
    async with listening(gateway, person) as client:
        await client.next()
        change(gateway, person)
        header = EventHeader(organization_id=str(person.organization), aggregate_id=ORDER)
        something_changed(gateway.parts.streams, LiveSubject.LIVE_SUBJECT_STOCK, StockEvent(header=header))
        told = json.loads((await client.next())["data"])

    assert told["subject"] == "LIVE_SUBJECT_STOCK"


async def test_nobody_listens_without_a_session(gateway: Served, neighbours: Neighbours) -> None:
    """Trap 4."""
    nobody = await gateway.http.get("/v1/events")
    guess = await gateway.http.get("/v1/events", headers={"Authorization": "Bearer a.b.c"})
    posted = await gateway.http.post("/v1/events", headers=neighbours.sign_in().headers)

    assert [answer.status_code for answer in (nobody, guess, posted)] == [401, 401, 405]


async def test_streams_end_before_the_server_does(own_neighbours: Neighbours) -> None:
    """Trap 39. Nobody waits for them."""
    async with serving(own_neighbours) as gateway, listening(gateway, own_neighbours.sign_in()) as client:
        await client.next()
        gateway.server.set_ready(False)
        while await client.next():
            pass
