"""One PostgreSQL server per run, embedded or a container (containers.py).

Each worker has its own databases on it, copied from a template that was migrated once.

The server runs with fsync off: what was committed survives a kill, not a power cut, and no test cuts the power.
"""

import functools
import itertools
import secrets
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest

from laptop.databases import Passwords, ServiceDatabase, clone_service_database, create_service_database
from laptop.ports import free_port
from laptop.postgres import Postgres
from tests.given import containers
from tests.given.run import Run

DatabaseOf = Callable[[str], ServiceDatabase]


@pytest.fixture(scope="session")
def postgres(this_run: Run) -> Postgres:
    """The run's server. Others use it: a test that stops or kills one starts a `Postgres` of its own."""
    folder = this_run.folder / "postgres"

    def start() -> dict[str, Any]:
        if containers.are_asked_for():
            password = secrets.token_urlsafe()
            return {"port": containers.start_postgres(this_run, password), "password": password}
        server = Postgres(folder, free_port(), password=secrets.token_urlsafe(), durable=False, guard=this_run.guard)
        server.start()
        this_run.keep(server)
        return {"port": server.port, "password": server.superuser_password}

    return Postgres(folder, **this_run.once("postgres", start))


@pytest.fixture(scope="session")
def service_database(this_run: Run, fresh_service_database: DatabaseOf) -> DatabaseOf:
    """`service_database("orders")`: this worker's database of a service, migrated; `.owner`, `.service` and `.finder`
    are its addresses. All tests of the worker share it: use organisations of your own instead of cleaning up."""
    return functools.cache(fresh_service_database)


@pytest.fixture(scope="session")
def fresh_service_database(this_run: Run, postgres: Postgres) -> DatabaseOf:
    """`fresh_service_database("orders")`: a new migrated database with each call, for tests that look at all of it."""
    numbers = itertools.count(1)

    def fresh(service: str) -> ServiceDatabase:
        template = this_run.once(f"template-{service}", lambda: _make_template(this_run, postgres, service))["database"]
        name = f"{service}_{this_run.worker}_{next(numbers)}"
        return clone_service_database(postgres, service, _passwords(this_run, service), template, name)

    return fresh


@pytest.fixture(scope="session")
def empty_database(this_run: Run, postgres: Postgres) -> DatabaseOf:
    """`empty_database("orders")`: a new database with each call that has the service's roles and no tables."""
    numbers = itertools.count(1)

    def empty(service: str) -> ServiceDatabase:
        name = f"{service}_{this_run.worker}_empty_{next(numbers)}"
        return create_service_database(postgres, service, _passwords(this_run, service), name)

    return empty


def _passwords(run: Run, service: str) -> Passwords:
    """The roles are the server's, so a service has the same in all databases of the run."""

    def draw() -> dict[str, Any]:
        return asdict(Passwords(*(secrets.token_urlsafe() for _ in range(3))))

    return Passwords(**run.once(f"passwords-{service}", draw))


def _make_template(run: Run, server: Postgres, service: str) -> dict[str, Any]:
    from chassis.database.migrate import migrate

    template = create_service_database(server, service, _passwords(run, service), f"{service}_template")
    migrate(service, template.owner)
    return {"database": template.name}
