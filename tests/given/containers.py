"""PostgreSQL, Kafka and Valkey of a run from their images, where it is asked for: `RAPPIT_TEST_CONTAINERS=1 make test`.

Only then, also where a Docker engine answers: the embedded ones are the same products of the same versions, are there
in two seconds, fetch no images and need no rights. Containers prove the images that an installation runs, and serve a
machine that has an engine and no Java. Who asks and has no engine is told so: falling back would prove something else.

Tests that stop, kill or pause a server start one of their own, embedded, in either case. The engine must be on this
machine. What was run: the whole path against Docker 20.10, with images of PostgreSQL 18 and Kafka 4.4 that were put
together on the spot under the published names, and without a registry. The published images themselves were not run.
"""

import contextlib
import os
from collections.abc import Callable

import docker
import psycopg
import pytest
from docker import errors as docker_errors
from testcontainers.community.postgres import PostgresContainer
from testcontainers.core.config import testcontainers_config
from testcontainers.core.container import DockerContainer

from laptop.guard import start_time
from laptop.kafka import _SETTINGS as KAFKA_SETTINGS
from laptop.ports import HOST, free_port
from laptop.postgres import SUPERUSER
from laptop.waiting import wait_until
from tests.given.run import Run

ASKED_BY = "RAPPIT_TEST_CONTAINERS"
POSTGRES_IMAGE = "postgres:18"
KAFKA_IMAGE = "apache/kafka:4.4.0"
VALKEY_IMAGE = "valkey/valkey:8"

_OWNER = "rappit.tests.owner"
_START_SECONDS = 90.0
_POSTGRES_SETTINGS = {"max_connections": "300", "fsync": "off", "full_page_writes": "off", "timezone": "UTC"}
# Text in the order of its code points, as on a laptop.
_INITDB = "--encoding=UTF8 --locale-provider=builtin --builtin-locale=C.UTF-8 --locale=C --auth-host=scram-sha-256"


def are_asked_for() -> bool:
    """Whether the servers of this run come from images."""
    return os.environ.get(ASKED_BY, "") not in ("", "0")


def start_postgres(run: Run, password: str) -> int:
    """Start PostgreSQL for the whole run. Answers its port on the loopback."""
    container = PostgresContainer(POSTGRES_IMAGE, username=SUPERUSER, password=password, dbname="postgres", driver=None)
    container.with_env("POSTGRES_INITDB_ARGS", _INITDB)
    container.with_command(["postgres", *(f"--{name}={value}" for name, value in _POSTGRES_SETTINGS.items())])
    port = free_port()
    container.with_bind_ports(f"{container.port}/tcp", port)
    _start(run, container)

    def answers() -> bool:
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(host=HOST, port=port, user=SUPERUSER, password=password, connect_timeout=2).close()
            return True
        return False

    _wait(container, answers)
    return port


def start_kafka(run: Run) -> str:
    """Start Apache Kafka for the whole run. Answers its address on the loopback."""
    # Clients are told where to go on, so the port outside is fixed before it starts.
    port = free_port()
    bootstrap = f"{HOST}:{port}"
    container = DockerContainer(KAFKA_IMAGE).with_bind_ports("9092/tcp", port)
    settings = {
        **KAFKA_SETTINGS,
        "listeners": "PLAINTEXT://:9092,CONTROLLER://:9093",
        "advertised.listeners": f"PLAINTEXT://{bootstrap}",
        "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
        "controller.quorum.voters": "1@localhost:9093",
    }
    for name, value in settings.items():
        container.with_env(f"KAFKA_{name.upper().replace('.', '_')}", value)
    container.with_env("KAFKA_HEAP_OPTS", "-Xmx384m")
    _start(run, container)
    _wait(container, lambda: b"Kafka Server started" in b"".join(container.get_logs()))
    return bootstrap


def start_valkey(run: Run, password: str) -> int:
    """Start Valkey for the whole run. Answers its port on the loopback."""
    port = free_port()
    container = DockerContainer(VALKEY_IMAGE).with_bind_ports("6379/tcp", port)
    container.with_command(["valkey-server", "--requirepass", password, "--save", "", "--appendonly", "no"])
    _start(run, container)
    _wait(container, lambda: b"Ready to accept connections" in b"".join(container.get_logs()))
    return port


def _start(run: Run, container: DockerContainer) -> None:
    # Its own reaper ends containers with the process that started them: here other workers go on using them.
    testcontainers_config.ryuk_disabled = True
    container.with_kwargs(labels={_OWNER: _name_of(run.owner)})
    container.start()
    run.keep(container)


def _wait(container: DockerContainer, answers: Callable[[], bool]) -> None:
    wait_until(lambda: answers() or container.status == "exited", _START_SECONDS, every=0.1)
    if not answers():
        log = b"".join(container.get_logs())[-2000:].decode(errors="replace")
        raise TimeoutError(f"{container.image} did not start: {log}")


def _name_of(owner: int) -> str:
    """Process ids are used again; with its start time it is this one alone."""
    return f"{owner} {start_time(owner)}"


def _end(*, of: int | None = None) -> None:
    """Remove the containers of this run, or of those whose process is gone."""
    with contextlib.closing(docker.from_env()) as engine:
        for container in engine.containers.list(all=True, filters={"label": _OWNER}):
            owner = container.labels[_OWNER]
            if (of is not None and owner == _name_of(of)) or owner != _name_of(int(owner.split()[0])):
                with contextlib.suppress(docker_errors.NotFound):
                    container.remove(force=True, v=True)


def pytest_sessionstart() -> None:
    """Say at once that there is no engine, and remove what a killed run left."""
    if not are_asked_for():
        return
    try:
        _end()
    except docker_errors.DockerException as error:
        raise pytest.UsageError(f"{ASKED_BY} asks for containers and no Docker engine answers: {error}") from error


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """End what this run started; in a worker there is nothing, for it is not the owner."""
    if are_asked_for():
        with contextlib.suppress(docker_errors.DockerException):
            _end(of=os.getpid())
