"""Topics are declared in code, made by `migrate`, and checked when a service starts.

A topic is named after its message. How many partitions it has is fixed when it is made: a wider topic is a new topic.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import TopicAlreadyExistsError, for_code
from google.protobuf.message import Message

from chassis.messaging.kafka import MESSAGE_BYTES, Kafka

# Outside development: survives the loss of any one machine.
REPLICAS = 3
IN_SYNC = 2
# A consumer that was away longer would begin at the beginning.
OFFSETS_DAYS = 30

# How long a topic that was just made may be unknown to the broker that is asked.
_KNOWN_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic of one message type. A compacted one keeps each key's last record for ever."""

    message_type: type[Message]
    partitions: int = 12
    retention_days: int = 7
    compacted: bool = False

    @property
    def name(self) -> str:
        """Its name, without the prefix."""
        return self.message_type.DESCRIPTOR.full_name

    @property
    def settings(self) -> dict[str, str]:
        """What Kafka is told about it."""
        retention = timedelta(days=self.retention_days) // timedelta(milliseconds=1)
        cleanup = {"cleanup.policy": "compact"} if self.compacted else {"retention.ms": str(retention)}
        return {**cleanup, "max.message.bytes": str(MESSAGE_BYTES)}


class TopicsRefused(Exception):
    """Topics are missing or other than declared; the message says how."""


async def create_topics(kafka: Kafka, topics: Sequence[Topic]) -> None:
    """Make the topics that are missing, then check them all."""
    replicas = 1 if kafka.development else REPLICAS
    extra = {} if kafka.development else {"min.insync.replicas": str(IN_SYNC)}
    wanted = [
        NewTopic(f"{kafka.prefix}{topic.name}", topic.partitions, replicas, topic_configs={**topic.settings, **extra})
        for topic in topics
    ]
    admin = kafka.admin()
    await admin.start()
    try:
        answer = await admin.create_topics(wanted)
    finally:
        await admin.close()
    for name, code, *message in answer.topic_errors:
        error = for_code(code)
        if code and error is not TopicAlreadyExistsError:
            raise TopicsRefused(f"{name} could not be made: {error.__name__} {' '.join(filter(None, message))}".strip())
    await wait_until_known(kafka, topics)


async def wait_until_known(kafka: Kafka, topics: Sequence[Topic]) -> None:
    """check_topics, with patience: a broker answers before it has heard of a topic, for its metadata follow others'."""
    deadline = time.monotonic() + _KNOWN_SECONDS
    while True:
        try:
            return await check_topics(kafka, topics)
        except TopicsRefused:
            if time.monotonic() > deadline:
                raise
        await asyncio.sleep(0.1)


async def check_topics(kafka: Kafka, topics: Sequence[Topic]) -> None:
    """Refuse topics that are missing or other than declared: partitions, settings, and replicas outside development."""
    names = {f"{kafka.prefix}{topic.name}": topic for topic in topics}
    admin = kafka.admin()
    try:
        await admin.start()
        described = {each["topic"]: each for each in await admin.describe_topics(list(names))}
        resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
        settings = {
            name: {entry[0]: entry[1] for entry in entries}
            for answer in await admin.describe_configs(resources)
            for _, _, _, name, entries in answer.resources
        }
        kept = {} if kafka.development else await _offsets_kept(admin)
    finally:
        await admin.close()
    faults = [f"broker {broker} forgets offsets after {days} days, not {OFFSETS_DAYS}" for broker, days in kept.items()]
    faults += [
        f"{name} {fault}"
        for name, topic in names.items()
        for fault in _faults(topic, described.get(name, {}).get("partitions", []), settings.get(name, {}), kafka)
    ]
    if faults:
        raise TopicsRefused("; ".join(faults))


async def _offsets_kept(admin: AIOKafkaAdminClient) -> dict[str, int]:
    """Brokers that forget offsets too early, and after how many days."""
    brokers = [str(broker["node_id"]) for broker in (await admin.describe_cluster())["brokers"]]
    answers = await admin.describe_configs([ConfigResource(ConfigResourceType.BROKER, broker) for broker in brokers])
    minutes = {
        name: int(entry[1])
        for answer in answers
        for _, _, _, name, entries in answer.resources
        for entry in entries
        if entry[0] == "offsets.retention.minutes"
    }
    days = {name: kept // (24 * 60) for name, kept in minutes.items()}
    return {name: kept for name, kept in days.items() if kept < OFFSETS_DAYS}


def _faults(topic: Topic, partitions: list[dict[str, list[int]]], settings: dict[str, str], kafka: Kafka) -> list[str]:
    if not partitions:
        return ["is missing"]
    faults = []
    if len(partitions) != topic.partitions:
        faults.append(f"has {len(partitions)} partitions, not {topic.partitions}")
    faults += [
        f"has {name}={settings[name]}, not {value}"
        for name, value in topic.settings.items()
        if settings.get(name, value) != value
    ]
    if not kafka.development:
        replicas = min(len(partition["replicas"]) for partition in partitions)
        if replicas < REPLICAS:
            faults.append(f"has {replicas} replicas, not {REPLICAS}")
        if int(settings.get("min.insync.replicas", IN_SYNC)) < IN_SYNC:
            faults.append(f"has min.insync.replicas={settings['min.insync.replicas']}, not {IN_SYNC}")
    return faults
