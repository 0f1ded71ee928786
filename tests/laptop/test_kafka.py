from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import MessageSizeTooLargeError

from chassis.messaging.kafka import MESSAGE_BYTES, PAYLOAD_BYTES
from laptop import jars
from laptop.kafka import Kafka, make_kafka
from laptop.ports import free_port
from laptop.program import CannotStart


async def make_topic(bootstrap: str, topic: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic(topic, num_partitions=1, replication_factor=1)])
    await admin.close()


@pytest.fixture
async def producer(kafka: str) -> AsyncIterator[AIOKafkaProducer]:
    async with AIOKafkaProducer(bootstrap_servers=kafka, max_request_size=4 * MESSAGE_BYTES) as producer:
        yield producer


async def test_a_message_as_large_as_the_outbox_lets_through_is_taken(
    kafka: str, topic_prefix: str, producer: AIOKafkaProducer
) -> None:
    topic = f"{topic_prefix}large"
    await make_topic(kafka, topic)
    sent = await producer.send_and_wait(topic, bytes(PAYLOAD_BYTES))
    assert sent.offset == 0


@pytest.mark.kafka
async def test_a_message_over_the_limit_is_refused(kafka: str, topic_prefix: str, producer: AIOKafkaProducer) -> None:
    topic = f"{topic_prefix}too-large"
    await make_topic(kafka, topic)
    with pytest.raises(MessageSizeTooLargeError):
        await producer.send_and_wait(topic, bytes(MESSAGE_BYTES))


async def test_without_java_a_stand_in_takes_over_and_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", "/nowhere")
    with make_kafka(tmp_path / "kafka", free_port()) as broker:
        assert (broker.is_real, broker.why_not_real) == (False, "Java is not installed")
        await make_topic(broker.bootstrap, "facts")
        await send(broker, 10)
        assert await count(broker) == 10


def test_maven_is_needed_only_until_the_jars_are_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text("#!/bin/sh\necho 'openjdk version \"21.0.4\"' >&2\n")
    java.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", "/nowhere")
    assert jars.what_is_missing(tmp_path) == "Maven is not installed"
    jars.jars_folder(tmp_path).mkdir()
    assert jars.what_is_missing(tmp_path) is None
    java.write_text("#!/bin/sh\necho 'java version \"1.8.0_402\"' >&2\n")
    assert jars.what_is_missing(tmp_path) == "Java 8 is older than 17"


@pytest.mark.kafka
async def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    with make_kafka(tmp_path / "kafka", free_port()) as broker:
        await make_topic(broker.bootstrap, "facts")
        await send(broker, 100)
        broker.kill()
        broker.start()
        assert await count(broker) == 100


@pytest.mark.kafka
def test_a_broker_that_ends_says_what_went_wrong_and_not_where(tmp_path: Path) -> None:
    broker = make_kafka(tmp_path / "kafka", free_port())
    with broker:
        properties = broker.folder / "data" / "meta.properties"
    properties.write_text(properties.read_text().replace("node.id=1", "node.id=77"))
    with pytest.raises(CannotStart, match=r"Apache Kafka did not start: .*Stored node id 77 doesn't match") as refused:
        broker.start()
    assert "KafkaRaftServer$" not in str(refused.value)


async def send(broker: Kafka, messages: int) -> None:
    async with AIOKafkaProducer(bootstrap_servers=broker.bootstrap, acks="all") as producer:
        for number in range(messages):
            await producer.send_and_wait("facts", str(number).encode())


async def count(broker: Kafka) -> int:
    async with AIOKafkaConsumer("facts", bootstrap_servers=broker.bootstrap, auto_offset_reset="earliest") as consumer:
        partition = next(iter(consumer.assignment()))
        return int((await consumer.end_offsets([partition]))[partition])
