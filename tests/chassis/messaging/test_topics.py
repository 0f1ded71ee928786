"""Topics are as declared, or the service does not start."""

import pytest

from chassis.messaging.kafka import Kafka
from chassis.messaging.topics import Topic, TopicsRefused, check_topics, create_topics
from rappit.inventory.v1.events_pb2 import ItemEvent
from rappit.orders.v1.events_pb2 import OrderEvent
from tests.given.relaying import new_prefix

DECLARED = [Topic(OrderEvent, partitions=2), Topic(ItemEvent, partitions=1, compacted=True)]


@pytest.fixture
def ours(kafka: str, topic_prefix: str) -> Kafka:
    return Kafka(kafka, new_prefix(topic_prefix), development=True)


async def test_they_are_made_once_and_found_as_declared(ours: Kafka) -> None:
    await create_topics(ours, DECLARED)
    await create_topics(ours, DECLARED)

    await check_topics(ours, DECLARED)


async def test_one_that_is_missing_is_named(ours: Kafka) -> None:
    await create_topics(ours, DECLARED[:1])

    with pytest.raises(TopicsRefused, match=r"rappit\.inventory\.v1\.ItemEvent is missing"):
        await check_topics(ours, DECLARED)


@pytest.mark.kafka
@pytest.mark.parametrize(
    ("declared", "fault"),
    [
        (Topic(OrderEvent, partitions=3), "has 2 partitions, not 3"),
        (Topic(OrderEvent, partitions=2, retention_days=14), "has retention.ms=604800000, not 1209600000"),
        (Topic(OrderEvent, partitions=2, compacted=True), "has cleanup.policy=delete, not compact"),
    ],
)
async def test_one_that_is_other_than_declared_is_refused(declared: Topic, fault: str, ours: Kafka) -> None:
    await create_topics(ours, DECLARED)

    with pytest.raises(TopicsRefused, match=fault):
        await check_topics(ours, [declared])


@pytest.mark.kafka
async def test_a_broker_that_forgets_offsets_too_early_is_refused(ours: Kafka, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chassis.messaging.topics.OFFSETS_DAYS", 31)
    with pytest.raises(TopicsRefused, match="broker 1 forgets offsets after 30 days, not 31"):
        await check_topics(Kafka(ours.bootstrap, ours.prefix), DECLARED)


@pytest.mark.kafka
async def test_outside_development_one_replica_is_refused(ours: Kafka) -> None:
    await create_topics(ours, DECLARED)

    with pytest.raises(TopicsRefused, match=r"has 1 replicas, not 3; .* has min.insync.replicas=1, not 2"):
        await check_topics(Kafka(ours.bootstrap, ours.prefix), DECLARED)
