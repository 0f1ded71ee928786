"""One service as a process: the environment it is told, its life from `migrate` to the end of the test, its events."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from chassis.database.pool import Database
from chassis.messaging.envelope import EventMessage
from chassis.messaging.kafka import Kafka
from laptop.ports import HOST, free_port
from laptop.service import Service
from tests.given.postgres import DatabaseOf
from tests.given.run import Run
from tests.given.service_keys import ServiceKeys

E = TypeVar("E", bound=EventMessage)
EnvironmentOf = Callable[[str], dict[str, str]]
# How long an event of the process is waited for.
EVENT_SECONDS = 30


@pytest.fixture
def environment_of(service_keys: ServiceKeys) -> EnvironmentOf:
    """`environment_of("orders")`: a whole environment; nothing that it names is there."""

    def environment(service: str) -> dict[str, str]:
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("RAPPIT_")},
            "RAPPIT_GRPC_ADDRESS": f"{HOST}:0",
            "RAPPIT_METRICS_ADDRESS": f"{HOST}:0",
            "RAPPIT_DATABASE_URL": f"postgresql://{service}_service:{uuid4().hex}@{HOST}:1/{service}",
            "RAPPIT_FINDER_DATABASE_URL": f"postgresql://{service}_finder:{uuid4().hex}@{HOST}:1/{service}",
            "RAPPIT_KAFKA": f"{HOST}:1",
            "RAPPIT_IDENTITY_ADDRESS": f"{HOST}:1",
            "RAPPIT_SERVICE_KEY_FILE": str(service_keys.key_file(service)),
            "RAPPIT_SERVICE_PUBLIC_KEYS_FILE": str(service_keys.public_keys_file),
            "RAPPIT_MASTER_KEY_FILE": str(service_keys.master_key_file),
            "RAPPIT_DEVELOPMENT": "1",
            "RAPPIT_DRAIN_SECONDS": "0",
        }

    return environment


@dataclass(frozen=True)
class ServiceProcess:
    """A service that runs, ready, with its environment and its database."""

    service: Service
    environment: dict[str, str]
    database: Database

    async def publish(self, event: EventMessage) -> None:
        """An event of another service comes."""
        producer = AIOKafkaProducer(bootstrap_servers=self.environment["RAPPIT_KAFKA"])
        await producer.start()
        topic = self.environment["RAPPIT_TOPIC_PREFIX"] + event.DESCRIPTOR.full_name
        await producer.send_and_wait(topic, event.SerializeToString(), key=event.header.aggregate_id.encode())
        await producer.stop()

    async def published(self, kind: type[E], count: int) -> list[E]:
        """The first events of this kind that the process published."""
        topic = self.environment["RAPPIT_TOPIC_PREFIX"] + kind.DESCRIPTOR.full_name
        address = self.environment["RAPPIT_KAFKA"]
        consumer = AIOKafkaConsumer(topic, bootstrap_servers=address, auto_offset_reset="earliest")
        await consumer.start()
        try:
            async with asyncio.timeout(EVENT_SECONDS):
                return [kind.FromString((await consumer.getone()).value) for _ in range(count)]
        finally:
            await consumer.stop()

    async def once(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Another process of the service, with the same environment, to its end."""
        return await asyncio.to_thread(run_once, self.service.name, self.environment, *words)

    async def stop(self) -> int | None:
        """As an orchestrator does. The exit status."""
        await asyncio.to_thread(self.service.stop)
        return self.service.program.exit_status


ProcessOf = Callable[..., AbstractAsyncContextManager[ServiceProcess]]


@pytest.fixture
def process_of(this_run: Run, empty_database: DatabaseOf, environment_of: EnvironmentOf, tmp_path: Path) -> ProcessOf:
    """`async with process_of("orders", kafka) as process`: migrated with this Kafka, and ready.

    served_with: the Kafka that the process is told of, where that is another one.
    """

    @asynccontextmanager
    async def process(service: str, kafka: Kafka, *, served_with: Kafka | None = None) -> AsyncIterator[ServiceProcess]:
        addresses = empty_database(service)
        health_port = free_port()
        told = environment_of(service) | {
            "RAPPIT_GRPC_ADDRESS": f"{HOST}:{free_port()}",
            "RAPPIT_METRICS_ADDRESS": f"{HOST}:{health_port}",
            "RAPPIT_DATABASE_URL": addresses.service,
            "RAPPIT_FINDER_DATABASE_URL": addresses.finder,
            "RAPPIT_KAFKA": kafka.bootstrap,
            "RAPPIT_TOPIC_PREFIX": kafka.prefix,
        }
        log = tmp_path / f"{service}.log"
        migrated = Service(service, told, health_port, log=log, guard=this_run.guard)
        await asyncio.to_thread(migrated.migrate, addresses.owner)
        told = told | {"RAPPIT_KAFKA": (served_with or kafka).bootstrap}
        serving = Service(service, told, health_port, log=log, guard=this_run.guard)
        await asyncio.to_thread(serving.start)
        database = await Database.open(addresses.service, addresses.finder, service=service, size=2)
        try:
            yield ServiceProcess(serving, told, database)
        finally:
            await database.close()
            serving.program.kill()

    return process


def run_once(service: str, environment: dict[str, str], *words: str) -> "subprocess.CompletedProcess[str]":
    """`python -m <service>`, to its end."""
    command = [sys.executable, "-m", service, *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
