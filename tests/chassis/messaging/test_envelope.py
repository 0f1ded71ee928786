"""What an event carries in front of its payload, and whose trace it goes on with."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from chassis.clock import SystemClock
from chassis.database.pool import Database
from chassis.messaging.envelope import handling, new_header, payload_name
from chassis.telemetry import traces
from rappit.gateway.v1.events_pb2 import WebhookReceived
from tests.given.events import order_event, unknown_event

ONE, TWO = ("00-" + digit * 32 + "-" + digit * 16 + "-01" for digit in "12")


class FixedClock:
    """Half past one, for ever."""

    def now(self) -> datetime:
        return datetime(2026, 3, 1, 13, 30, tzinfo=UTC)

    def new_id(self) -> UUID:
        return UUID(int=5)


async def test_a_header_says_whose_it_is_when_and_why(database: Database) -> None:
    organization, order = uuid4(), uuid4()
    async with database.transaction(organization) as tx:
        header = new_header(tx, FixedClock(), order, 7, "rappit.orders.v1.OrderService/CancelOrder", may_ignore=True)

    assert (header.id, header.organization_id, header.aggregate_id) == (str(UUID(int=5)), str(organization), str(order))
    assert (header.aggregate_version, header.may_ignore) == (7, True)
    assert header.cause == "rappit.orders.v1.OrderService/CancelOrder"
    assert header.time.ToDatetime(UTC) == FixedClock().now()


async def test_in_a_batch_each_event_goes_on_with_the_trace_of_its_cause(database: Database) -> None:
    async with database.transaction(uuid4()) as tx:
        with traces.span("batch") as batch, handling({"first": ONE, "second": TWO}):
            found = [new_header(tx, FixedClock(), "a", 1, cause).traceparent for cause in ("first", "second", "job")]

    assert found == [ONE, TWO, batch.traceparent]


async def test_outside_of_any_span_there_is_no_trace(database: Database) -> None:
    async with database.transaction(uuid4()) as tx:
        assert new_header(tx, FixedClock(), "a", 1, "job").traceparent == ""


async def test_an_event_belongs_to_an_organization(database: Database) -> None:
    async with database.directory() as tx:
        with pytest.raises(LookupError):
            new_header(tx, FixedClock(), "a", 1, "job")


def test_what_an_event_says_has_a_name_unless_it_is_unknown() -> None:
    assert payload_name(order_event(uuid4(), "a")) == "order_changed"
    assert payload_name(WebhookReceived()) == "WebhookReceived"
    assert payload_name(unknown_event(uuid4(), "a")) == ""


def test_ids_are_greater_the_later_they_are_made() -> None:
    clock = SystemClock()

    ids = [clock.new_id() for _ in range(1000)]

    assert ids == sorted(ids)
    assert {each.version for each in ids} == {7}
    assert clock.now().tzinfo is UTC
