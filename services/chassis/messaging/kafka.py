"""Kafka as the chassis uses it. aiokafka is named in this folder alone, and its clients are made here alone."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from chassis.telemetry.logs import get_logger

log = get_logger()

# The largest event: what the outbox takes, and what a webhook's body is limited by.
PAYLOAD_BYTES = 900_000
# What a client may send and a topic takes: the largest event, with room for headers.
MESSAGE_BYTES = 1_048_576


@dataclass(frozen=True, slots=True)
class Kafka:
    """Where the brokers are.

    prefix: what names of topics and groups begin with; empty outside of tests.
    development: one broker is enough.
    """

    bootstrap: str
    prefix: str = ""
    development: bool = False

    def producer(self) -> AIOKafkaProducer:
        """An idempotent producer; the relay throws it away when it fails."""
        return AIOKafkaProducer(
            bootstrap_servers=self.bootstrap,
            acks="all",
            enable_idempotence=True,
            max_request_size=MESSAGE_BYTES,
            max_batch_size=128 * 1024,
            # Also how long stopping it may take while a request is under way.
            request_timeout_ms=5_000,
        )

    def impatient_producer(self, timeout: float) -> AIOKafkaProducer:
        """One that gives a record up after `timeout` seconds, as an idempotent one does not; it may send it twice."""
        return AIOKafkaProducer(
            bootstrap_servers=self.bootstrap,
            acks="all",
            enable_idempotence=False,
            max_request_size=MESSAGE_BYTES,
            max_batch_size=256 * 1024,
            request_timeout_ms=int(timeout * 1000),
        )

    def listener(self, topics: Iterable[str]) -> AIOKafkaConsumer:
        """In no group: it has all partitions and reads from the end, for hints to every replica."""
        return AIOKafkaConsumer(
            *(f"{self.prefix}{topic}" for topic in topics),
            bootstrap_servers=self.bootstrap,
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="latest",
            max_partition_fetch_bytes=MESSAGE_BYTES,
        )

    def consumer(self, group: str) -> AIOKafkaConsumer:
        """A member of a group that begins at the beginning and commits by hand."""
        return AIOKafkaConsumer(
            bootstrap_servers=self.bootstrap,
            group_id=f"{self.prefix}{group}",
            # How soon a member hears of a rebalance, and so how long the others wait for it.
            heartbeat_interval_ms=1_000,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_partition_fetch_bytes=MESSAGE_BYTES,
        )

    def admin(self) -> AIOKafkaAdminClient:
        """For making topics and looking at them."""
        return AIOKafkaAdminClient(bootstrap_servers=self.bootstrap)


async def start_fenced(producer: AIOKafkaProducer, name: str) -> None:
    """Start an idempotent producer that shuts out those that were started under the name before: to a partition that it
    has written to, Kafka takes nothing of theirs any more. They learn of it as ProducerFenced.

    It asks for the name's producer id, of which each gets the next epoch, as a transactional producer does, and begins
    no transaction: that would cost each batch more than its sending (docs/adr/0005).
    """
    manager = producer._txn_manager
    await producer.client.bootstrap()
    manager.transactional_id, manager.transaction_timeout_ms = name, 60_000
    await producer._sender._maybe_wait_for_pid()
    # From here on it is a producer like any other.
    manager.transactional_id = None
    await producer._sender.start()


def give_up(producer: AIOKafkaProducer) -> None:
    """Let it begin no delivery any more: all that it holds has failed. A request under way is not called back."""
    accumulator = producer._message_accumulator
    accumulator.fail_all(KafkaError("the producer was put away"))
    accumulator._batches.clear()
    # What is under way failed as well: it cannot wait for its turn again.
    accumulator.reenqueue = lambda _: None


async def put_away(client: AIOKafkaProducer | AIOKafkaConsumer, seconds: float = 5.0) -> None:
    """Stop a client whatever its state. What a producer cannot deliver meanwhile fails: it would wait for ever."""
    stopping = asyncio.ensure_future(client.stop())
    done, _ = await asyncio.wait({stopping}, timeout=seconds)
    if not done and isinstance(client, AIOKafkaProducer):
        give_up(client)
        done, _ = await asyncio.wait({stopping}, timeout=seconds)
    if not done:
        stopping.cancel()
        log.warning("Kafka client left behind", client=type(client).__name__)
    elif (error := stopping.exception()) is not None:
        log.warning("Kafka client did not stop cleanly", client=type(client).__name__, error=repr(error))
    else:
        return
    # Its connections are the last thing that it would have closed.
    network = client.client if isinstance(client, AIOKafkaProducer) else client._client
    await asyncio.wait({asyncio.ensure_future(network.close())}, timeout=seconds)
