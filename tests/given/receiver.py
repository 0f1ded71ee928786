"""A consumer of order events whose handler writes down what it applied, and fails where a test says so."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from chassis.database.pool import Database
from chassis.database.transaction import Transaction
from chassis.messaging.consumer import Consumer
from chassis.messaging.envelope import Message
from chassis.messaging.inbox import Received
from chassis.messaging.kafka import Kafka
from chassis.messaging.lanes import Lanes
from chassis.messaging.shares import Turn
from rappit.orders.v1.events_pb2 import OrderEvent
from tests.given.events import as_received, order_event

APPLIED = """
    SELECT aggregateid, convert_from(payload, 'UTF8') AS version FROM outbox WHERE aggregatetype = %s ORDER BY seq
"""
NOTE = """
    INSERT INTO outbox (organization_id, id, aggregatetype, aggregateid, type, payload, traceparent, publish_time)
    SELECT %s, gen_random_uuid(), %s, aggregate_id, '', convert_to(version, 'UTF8'), '', now()
    FROM unnest(%s::text[], %s::text[]) AS new (aggregate_id, version)
"""


def nothing_fails(_message: Message[Any], _tx: Transaction) -> None:
    """What a receiver's handler does by itself."""


def failing_for(order: str, error: BaseException) -> Callable[[Message[Any], Transaction], None]:
    """A handler that fails for one order."""

    def fails(message: Message[Any], _tx: Transaction) -> None:
        if message.aggregate_id == order:
            raise error

    return fails


@dataclass
class Receiver:
    """One organisation, and one consumer that nobody else uses.

    fails: asked with each message; what it raises the handler raises.
    """

    database: Database
    organization: UUID = field(default_factory=uuid4)
    name: str = field(default_factory=lambda: f"test-{uuid4()}")
    fails: Callable[[Message[Any], Transaction], Awaitable[None] | None] = nothing_fails
    tries: int = 10
    batches: list[list[tuple[str, int]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        nowhere = Kafka("127.0.0.1:9")
        self.consumer = Consumer(
            self.name, {OrderEvent: self.apply}, database=self.database, kafka=nowhere, tries=self.tries
        )
        self.lanes = Lanes(self.database, self.consumer.intake)

    async def apply(self, tx: Transaction, messages: Sequence[Message[OrderEvent]]) -> None:
        """The handler: notes each message in rows that commit with it."""
        self.batches.append([(message.aggregate_id, message.version) for message in messages])
        for message in messages:
            failing = self.fails(message, tx)
            if failing is not None:
                await failing
        columns = [message.aggregate_id for message in messages], [str(message.version) for message in messages]
        await tx.execute(NOTE, (tx.organization, self.name, *columns))

    def event(self, order: str, version: int = 1) -> Received:
        """An event of this organisation as it was received."""
        return as_received(order_event(self.organization, order, version))[0]

    async def take(self, *batch: Received) -> None:
        """What the consumer does with a batch."""
        await self.consumer.intake.take(Turn(self.organization, batch, ()))

    async def queue(self, *batch: Received) -> None:
        """What the consumer does with what exceeds a share."""
        await self.consumer.intake.take(Turn(self.organization, (), batch))

    async def work(self) -> None:
        """What a lane worker does until nothing is due."""
        while await self.lanes.work_for(self.organization):
            pass

    async def due_now(self) -> None:
        """The pauses pass, of all lanes that nobody works on."""
        await self.execute(
            """
            UPDATE lanes SET next_try_time = now() WHERE (consumer, aggregate_id) IN (
                SELECT consumer, aggregate_id FROM lanes
                WHERE consumer = %s AND next_try_time IS NOT NULL FOR UPDATE SKIP LOCKED
            )
            """
        )

    async def applied(self) -> list[tuple[str, int]]:
        """(order, version) of what was applied, in order."""
        return [(row.aggregateid, int(row.version)) for row in await self.execute(APPLIED)]

    async def rows(self) -> dict[tuple[str, UUID], str]:
        """State of each inbox row by (order, event id)."""
        found = await self.execute(
            "SELECT aggregate_id, event_id, state FROM inbox WHERE consumer = %s ORDER BY position"
        )
        return {(row.aggregate_id, row.event_id): row.state for row in found}

    async def states(self, order: str) -> list[str]:
        """States of an order's messages, in their order."""
        return [state for (aggregate, _), state in (await self.rows()).items() if aggregate == order]

    async def open_lanes(self) -> set[str]:
        """Orders that have a lane."""
        return {row.aggregate_id for row in await self.execute("SELECT aggregate_id FROM lanes WHERE consumer = %s")}

    async def execute(self, statement: str) -> list[Any]:
        """Run a statement whose one parameter is the consumer's name."""
        async with self.database.transaction(self.organization) as tx:
            cursor = await tx.execute(statement.encode(), (self.name,))
            return await cursor.fetchall() if cursor.description else []
