"""A Kafka broker on one machine: Apache Kafka where Java and Maven are there, else a small stand-in that says so."""

import base64
import importlib.util
import os
import socket
import subprocess
import uuid
from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar, Self

from chassis.messaging.kafka import MESSAGE_BYTES
from laptop import jars
from laptop.guard import Guard
from laptop.ports import HOST, free_port, is_free
from laptop.program import CannotStart, Program
from laptop.waiting import wait_until

START_SECONDS = 60.0

_JVM = ("-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
_LOG = {
    "defaultLogLevel": "warn",
    "showDateTime": "true",
    "dateTimeFormat": "yyyy-MM-dd'T'HH:mm:ss.SSSZ",
    "log.kafka.server.KafkaRaftServer": "info",
    "log.org.apache.kafka.common.utils.AppInfoParser": "error",
}

_SETTINGS = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.listener.names": "CONTROLLER",
    "inter.broker.listener.name": "PLAINTEXT",
    # Topics are declared and made on purpose; a misspelt name is an error.
    "auto.create.topics.enable": "false",
    "message.max.bytes": str(MESSAGE_BYTES),
    "offsets.retention.minutes": str(30 * 24 * 60),
    # A group of one process need not wait for others, and tests may let members die quickly.
    "group.initial.rebalance.delay.ms": "0",
    "group.min.session.timeout.ms": "1000",
    # How long the controller keeps the place of a broker that was killed: it would refuse the new one that long.
    "broker.session.timeout.ms": "1500",
    "broker.heartbeat.interval.ms": "500",
    # One broker, one copy; few partitions and small files for Kafka's own topics.
    "default.replication.factor": "1",
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "4",
    "offsets.topic.segment.bytes": "4194304",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "transaction.state.log.num.partitions": "2",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "share.coordinator.state.topic.num.partitions": "1",
    "log.segment.bytes": "16777216",
    "log.index.size.max.bytes": "1048576",
    "log.cleaner.dedupe.buffer.size": "8388608",
    "num.network.threads": "2",
    "num.io.threads": "4",
}


class Kafka(ABC):
    """One broker at `bootstrap`, its data in `folder`. `with make_kafka(...) as kafka` starts and stops it."""

    name = "kafka"
    product: ClassVar[str]
    is_real: ClassVar[bool]
    why_not_real = ""

    def __init__(
        self, folder: Path, port: int, *, cache: Path = jars.CACHE, log: Path | None = None, guard: Guard | None = None
    ) -> None:
        self.folder = folder.absolute()
        self.port = port
        self.bootstrap = f"{HOST}:{port}"
        self.log = log or self.folder.with_suffix(".log")
        self._cache = cache
        self._guard = guard
        self._program: Program | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self.stop()

    @property
    def program(self) -> Program:
        """The broker's process; only after `start`."""
        if self._program is None:
            raise ProcessLookupError(f"{self.product} was not started")
        return self._program

    def start(self) -> None:
        """Start on the same port and data as before, and return when it answers. Raises CannotStart."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if not is_free(self.port):
            raise self._cannot_start(f"something else listens on port {self.port}")
        self._program = program = Program(self.name, self._command(), log=self.log, guard=self._guard)
        program.start()
        wait_until(lambda: not program.is_running() or self._answers(), START_SECONDS, every=0.1)
        if not program.is_running():
            # Of a Java trace what went wrong, not where.
            said = [line for line in program.last_lines(60) if not line.lstrip().startswith(("at ", "... "))]
            raise self._cannot_start(" ".join(said[-2:]) or f"ended with {program.exit_status} and said nothing")
        if not self._answers():
            program.kill()
            raise self._cannot_start(f"no answer on port {self.port} within {START_SECONDS:.0f} s")

    def stop(self) -> None:
        """Stop it cleanly: its logs are closed, and the next start need not check them."""
        if self._program is not None:
            self._program.stop(grace=30)

    def kill(self) -> None:
        """End it as a crash would; `start` recovers."""
        self.program.kill()

    @abstractmethod
    def _command(self) -> list[str]:
        """Prepare the data folder and answer the command that runs the broker."""

    def _cannot_start(self, reason: str) -> CannotStart:
        return CannotStart(self.product, reason, self.log)

    def _answers(self) -> bool:
        """Whether it answers ApiVersions, the request with which every client begins."""
        # Length 10; key 18, version 0, correlation 1, an empty client name.
        request = bytes.fromhex("0000000a 0012 0000 00000001 0000".replace(" ", ""))
        try:
            with socket.create_connection((HOST, self.port), timeout=2) as connection:
                connection.sendall(request)
                answer = connection.recv(10)
        except OSError:
            return False
        return len(answer) == 10 and answer[8:10] == b"\0\0"


class ApacheKafka(Kafka):
    """Apache Kafka in KRaft mode: broker and controller in one process."""

    is_real = True
    product = "Apache Kafka"

    def _command(self) -> list[str]:
        java = jars.java_program() or "java"
        path = f"{jars.resolve(self._cache)}/*"
        data, properties = self.folder / "data", self.folder / "server.properties"
        # The controller's port is not written into the data, and only this process uses it: a new one each time.
        controller = f"{HOST}:{free_port(avoid=frozenset({self.port}))}"
        settings = {
            **_SETTINGS,
            "listeners": f"PLAINTEXT://{self.bootstrap},CONTROLLER://{controller}",
            "advertised.listeners": f"PLAINTEXT://{self.bootstrap}",
            "controller.quorum.voters": f"1@{controller}",
            "log.dirs": str(data),
        }
        properties.write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
        if not (data / "meta.properties").exists():
            self._format([java, *_JVM, "-cp", path, "kafka.tools.StorageTool", "format"], properties)
        log = [f"-Dorg.slf4j.simpleLogger.{name}={value}" for name, value in _LOG.items()]
        return [java, *_JVM, *log, "-cp", path, "kafka.Kafka", str(properties)]

    def _format(self, command: list[str], properties: Path) -> None:
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        command = [*command, f"--cluster-id={cluster}", f"--config={properties}", "--ignore-formatted"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise self._cannot_start(
                f"its data folder could not be formatted: {(done.stderr or done.stdout).strip()[-600:]}"
            )


class StandIn(Kafka):
    """A small server that speaks the protocol, for development without Java: a kill -9 loses its last moments."""

    is_real = False
    product = "the Kafka stand-in"

    def _command(self) -> list[str]:
        wheel = importlib.util.find_spec("noida_db")
        program = Path(str(wheel and wheel.origin)).with_name("noida-db")
        if not os.access(program, os.X_OK):
            program.chmod(0o755)
        return [
            str(program),
            "start",
            "--only",
            "kafka",
            "--kafka-port",
            str(self.port),
            "--data-dir",
            str(self.folder),
        ]


def make_kafka(
    folder: Path, port: int, *, cache: Path = jars.CACHE, log: Path | None = None, guard: Guard | None = None
) -> Kafka:
    """The best broker that this machine can run, not started yet: `why_not_real` says why it is the stand-in.

    The first time this fetches Apache Kafka.
    """
    why_not = jars.what_is_missing(cache)
    if why_not is None:
        try:
            jars.resolve(cache)
        except jars.CannotResolve as refused:
            why_not = str(refused)
    log = log or folder.with_suffix(".log")
    if why_not is None:
        return ApacheKafka(folder / "apache", port, cache=cache, log=log, guard=guard)
    stand_in = StandIn(folder / "stand-in", port, cache=cache, log=log, guard=guard)
    stand_in.why_not_real = why_not
    return stand_in
