"""The whole of RAPPIT on one machine, in one folder: what `make run` runs and what end-to-end tests test."""

import asyncio
import fcntl
import os
import shutil
import time
import uuid
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import IO, Literal, Self

import psycopg

from chassis.keys import KeyRefused, make_key_files
from laptop import jars
from laptop.databases import ServiceDatabase, create_service_database
from laptop.environment import DATABASE_SERVICES, PEERS, SERVICES, choose_addresses, environment_of
from laptop.follow import Events
from laptop.guard import Guard
from laptop.kafka import Kafka, make_kafka
from laptop.kept import Spoilt
from laptop.passwords import PasswordFile
from laptop.ports import Ports
from laptop.postgres import Postgres
from laptop.processes import Process, Processes
from laptop.program import CannotStart
from laptop.service import Service, digest_of_services

Say = Callable[[str], None]


class AlreadyRunning(Exception):
    """Another system runs in this folder."""


class FolderRefused(Exception):
    """Nothing can be written where the data should be; says why."""


class System:
    """PostgreSQL, Kafka and the services, kept running until `stop`.

    `await System.start(folder)` returns when every service is ready; `say` is told each step. Should this process be
    killed, all that it started ends. `durable=False` is for tests: commits survive kills, not a power cut.
    """

    def __init__(self, folder: Path, *, durable: bool, gateway_port: int | None, say: Say) -> None:
        self.folder = folder.absolute()
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._say = say
        self._lock = self._take_folder()
        self._guard = Guard(self.folder / "started")
        left = self._guard.end_all()
        if left:
            say(f"ended what an earlier run left running: {', '.join(left)}")
        self._guard.watch(os.getpid())
        self._run = str(uuid.uuid4())
        self._logs = self._fresh_logs()
        ports = Ports(self.folder / "ports.json")
        self.addresses = choose_addresses(ports, gateway_port)
        if gateway_port is not None and not self.addresses.gateway.endswith(f":{gateway_port}"):
            say(f"port {gateway_port} is taken: the gateway is at {self.addresses.gateway}")
        self._kafka_port = ports.take("kafka")
        self._passwords = PasswordFile(self.folder / "secrets" / "databases.json")
        self.processes = Processes()
        self.postgres = Postgres(
            self.folder / "postgres",
            ports.take("postgres"),
            password=self._passwords.of_superuser(),
            durable=durable,
            log=self._logs / "postgres.log",
            guard=self._guard,
        )
        self._kafka: Kafka | None = None
        self._databases: dict[str, ServiceDatabase] = {}

    @classmethod
    async def start(
        cls, folder: Path, *, durable: bool = True, gateway_port: int | None = None, say: Say = lambda _: None
    ) -> Self:
        """Start everything, or nothing: raises CannotStart with the part, the reason and its log, AlreadyRunning,
        FolderRefused or NoFreePort.
        """
        try:
            system = cls(folder, durable=durable, gateway_port=gateway_port, say=say)
        except (OSError, Spoilt) as refused:
            raise FolderRefused(f"RAPPIT cannot keep its data in {folder}: {refused}") from refused
        try:
            await system._start()
        except BaseException:
            await system.stop()
            raise
        return system

    async def stop(self) -> None:
        """Stop everything: what takes orders first, the databases last."""
        await self.processes.stop()
        self._guard.end_all()
        self._guard.dismiss()
        self._lock.close()

    @property
    def kafka(self) -> Kafka:
        """The broker."""
        if self._kafka is None:
            raise ProcessLookupError("the broker was not started")
        return self._kafka

    def process(self, name: str) -> Process:
        """A service, `postgres` or `kafka`, to be watched, killed, paused and resumed."""
        return self.processes[name]

    def url(self, service: str, role: Literal["owner", "service", "finder"] = "service") -> str:
        """The address of a service's database for one of its roles."""
        url: str = getattr(self._databases[service], role)
        return url

    def events(self) -> Events:
        """What the services log from now on, and what becomes of the processes."""
        return self.processes.events()

    async def _start(self) -> None:
        servers = asyncio.gather(self.processes.start([self.postgres], follow=False), self._start_kafka())
        await self._step("PostgreSQL and Kafka", servers)
        await self._step("databases and roles", asyncio.to_thread(self._make_databases))
        services = [self._service(name) for name in SERVICES]
        await self._migrate(services[: len(PEERS)])
        # Started side by side, stopped one after the other: what lets orders in before what keeps them.
        keepers, doors = services[: len(DATABASE_SERVICES)], services[len(DATABASE_SERVICES) :]
        await self._step("services", asyncio.gather(self.processes.start(keepers), self.processes.start(doors)))

    async def _migrate(self, services: Sequence[Service]) -> None:
        """Schemas and topics. What this code has done here before it need not look at again: that takes seconds."""
        stamp, code = self.folder / "migrated", f"{digest_of_services()} on {self.kafka.product}"
        if stamp.exists() and stamp.read_text() == code:
            return
        migrations = [asyncio.to_thread(service.migrate, self._owner_url(service.name)) for service in services]
        await self._step("schemas and topics", asyncio.gather(*migrations))
        fresh = stamp.with_suffix(".new")
        fresh.write_text(code)
        fresh.replace(stamp)

    async def _step(self, what: str, work: Awaitable[object]) -> None:
        began = time.monotonic()
        await work
        self._say(f"{what}: ready in {time.monotonic() - began:.1f} s")

    async def _start_kafka(self) -> None:
        log = self._logs / "kafka.log"
        if jars.what_is_missing() is None and not jars.jars_folder().exists():
            self._say("Apache Kafka: Maven fetches it, 43 MB, this once")
        self._kafka = await asyncio.to_thread(
            make_kafka, self.folder / "kafka", self._kafka_port, log=log, guard=self._guard
        )
        if self._kafka.why_not_real:
            self._say(f"Kafka is a small stand-in, for development only: {self._kafka.why_not_real}")
        await self.processes.start([self._kafka], follow=False)

    def _make_databases(self) -> None:
        try:
            make_key_files(self.folder / "secrets", PEERS)
        except (OSError, KeyRefused) as refused:
            raise FolderRefused(f"RAPPIT cannot use the keys in {self.folder / 'secrets'}: one {refused}") from refused
        try:
            for service in DATABASE_SERVICES:
                passwords = self._passwords.of_service(service)
                self._databases[service] = create_service_database(self.postgres, service, passwords)
        except (OSError, psycopg.Error) as refused:
            raise CannotStart("databases and roles", str(refused).strip(), self.postgres.program.log) from refused

    def _service(self, name: str) -> Service:
        environment = environment_of(
            name,
            os.environ,
            folder=self.folder,
            addresses=self.addresses,
            kafka=self.kafka.bootstrap,
            database=self._databases.get(name),
            run=self._run,
        )
        health_port = int(self.addresses.metrics[name].rpartition(":")[2])
        return Service(name, environment, health_port, log=self._logs / f"{name}.log", guard=self._guard)

    def _owner_url(self, service: str) -> str:
        return self._databases[service].owner if service in self._databases else ""

    def _take_folder(self) -> IO[str]:
        """Lock the folder for as long as we live: two systems on one folder would end each other's processes."""
        lock = (self.folder / "lock").open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise AlreadyRunning(f"RAPPIT runs already in {self.folder}") from None
        return lock

    def _fresh_logs(self) -> Path:
        """An empty folder for logs; the last run's are kept beside it."""
        logs, previous = self.folder / "logs", self.folder / "logs.previous"
        if logs.exists():
            shutil.rmtree(previous, ignore_errors=True)
            logs.rename(previous)
        logs.mkdir()
        return logs
