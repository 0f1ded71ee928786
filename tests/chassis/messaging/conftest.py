"""Consumers of order events that write down what they applied, and relays with an outbox of their own."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from chassis.database.pool import Database
from chassis.messaging.kafka import Kafka
from chassis.messaging.relay import Relay
from chassis.messaging.topics import Topic, create_topics
from rappit.orders.v1.events_pb2 import OrderEvent
from tests.given.postgres import DatabaseOf
from tests.given.receiver import Receiver
from tests.given.relaying import new_prefix


@pytest.fixture
def receiver(database: Database) -> Receiver:
    return Receiver(database)


@pytest.fixture
def another(database: Database) -> Callable[..., Receiver]:
    """`another(tries=2)`: a consumer and organisation of its own."""

    def make(**how: Any) -> Receiver:
        return Receiver(database, **how)

    return make


@pytest.fixture
async def own(fresh_service_database: DatabaseOf) -> AsyncIterator[Database]:
    """A database whose outbox is this test's alone."""
    addresses = fresh_service_database("chassis")
    database = await Database.open(addresses.service, addresses.finder, service="chassis", size=6)
    yield database
    await database.close()


@pytest.fixture
def bare(kafka: str, topic_prefix: str) -> Kafka:
    """Kafka, and no topic yet."""
    return Kafka(kafka, new_prefix(topic_prefix), development=True)


@pytest.fixture
async def topics(bare: Kafka) -> Kafka:
    """Kafka with a topic of four partitions."""
    await create_topics(bare, [Topic(OrderEvent, partitions=4)])
    return bare


@pytest.fixture
async def relay(own: Database, topics: Kafka) -> AsyncIterator[Relay]:
    """A relay that the test drives by `publish`."""
    made = Relay(own, topics)
    yield made
    await made._publisher.close()
