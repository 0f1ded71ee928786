"""From bytes to the function that applies them: each type to its own, in order, and nothing unreadable is lost."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from chassis.database.pool import Database
from chassis.database.transaction import Transaction
from chassis.errors import NotYet, UnavailableForNow
from chassis.messaging.envelope import Message
from chassis.messaging.handlers import NOBODY, Handlers, Unreadable, described
from chassis.messaging.inbox import AGGREGATE_ID_CHARACTERS
from rappit.identity.v1.events_pb2 import IdentityEvent, SessionEnded
from rappit.orders.v1.events_pb2 import OrderEvent
from tests.given.events import as_received, header, order_event

ORDER_EVENT = "rappit.orders.v1.OrderEvent"


@pytest.fixture
def handled() -> list[tuple[str, list[Message[Any]]]]:
    """(handler, messages) of each call."""
    return []


@pytest.fixture
def handlers(handled: list[tuple[str, list[Message[Any]]]]) -> Handlers:
    async def on_orders(tx: Transaction, messages: Sequence[Message[OrderEvent]]) -> None:
        handled.append(("orders", list(messages)))

    async def on_identity(tx: Transaction, messages: Sequence[Message[IdentityEvent]]) -> None:
        handled.append(("identity", list(messages)))

    return Handlers({OrderEvent: on_orders, IdentityEvent: on_identity})


async def test_each_type_goes_to_its_handler_in_the_order_of_arrival(
    database: Database, handlers: Handlers, handled: list[tuple[str, list[Message[Any]]]]
) -> None:
    organization = uuid4()
    session = IdentityEvent(header=header(organization, organization), session_ended=SessionEnded())
    orders = [order_event(organization, str(n), n) for n in range(3)]
    async with database.transaction(organization) as tx:
        await handlers.apply(tx, as_received(orders[0], orders[1], session, orders[2]))

    assert [(name, [message.event for message in messages]) for name, messages in handled] == [
        ("orders", orders[:2]),
        ("identity", [session]),
        ("orders", orders[2:]),
    ]
    message = handled[0][1][1]
    assert (message.aggregate_id, message.version, message.organization) == ("1", 1, organization)
    assert message.id == UUID(orders[1].header.id)
    assert message.cause == "test"


async def test_a_type_that_nothing_handles_any_more_waits(database: Database) -> None:
    organization = uuid4()
    async with database.transaction(organization) as tx:
        with pytest.raises(NotYet):
            await Handlers({}).apply(tx, as_received(order_event(organization, "a")))


@pytest.mark.parametrize(
    "value",
    [
        b"\xff\xff",
        b"",
        OrderEvent(header=header(uuid4(), "a")).SerializeToString().replace(b"-", b"+"),
        order_event(uuid4(), "x" * (AGGREGATE_ID_CHARACTERS + 1)).SerializeToString(),
        order_event(uuid4(), "a\0b").SerializeToString(),
        order_event(NOBODY, "a").SerializeToString(),
    ],
)
async def test_what_does_not_say_whose_it_is_is_nobodys_and_unreadable(
    value: bytes, database: Database, handlers: Handlers
) -> None:
    message = handlers.read(ORDER_EVENT, value, b"key", "topic/3/99")

    assert message.organization == NOBODY
    assert message.message == value
    again = handlers.read(ORDER_EVENT, value, b"key", "topic/3/99")
    assert again.id == message.id
    async with database.transaction(NOBODY) as tx:
        with pytest.raises(Unreadable):
            await handlers.apply(tx, [message])


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (NotYet("the organisation is not known"), "the organisation is not known"),
        (Unreadable(), "Unreadable"),
        (Unreadable("line\0 1"), "line\ufffd 1"),
        (UnavailableForNow("database"), "UNAVAILABLE_FOR_NOW: database does not answer for now"),
        (KeyError("Mr Smith"), "KeyError in raised, chassis/messaging/test_handlers.py:"),
    ],
)
def test_a_failure_is_told_in_words_that_quote_nobody(error: Exception, words: str) -> None:
    assert described(raised(error)).startswith(words)
    assert "Smith" not in described(raised(error))


async def test_a_failure_of_the_database_names_the_rule_that_was_broken_and_no_value(database: Database) -> None:
    organization = uuid4()
    put = "INSERT INTO lanes SELECT %s, 'c', 'Mr Smith' FROM generate_series(1, 2)"
    with pytest.raises(psycopg.errors.UniqueViolation) as caught:
        async with database.transaction(organization) as tx:
            await tx.execute(put, (organization,))

    words = described(caught.value)
    assert words.startswith("UniqueViolation (23505, lanes, lanes_pkey) in ")
    assert "Smith" not in words


def raised(error: Exception) -> Exception:
    try:
        raise error
    except Exception as caught:  # noqa: BLE001
        return caught
