"""A service's database and its three roles, made by the server's superuser; running it again changes nothing.

    <service>_owner     owns the database and its schema; migrations run as it
    <service>_service   what the service connects as: owns nothing, bypasses no policy, may do what migrations grant
    <service>_finder    only finds work across organisations; migrations give it policies of its own

In a cluster the same is done once by the database's administrator.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg import sql

from laptop.postgres import Postgres

# On the role and not in a pool's settings: a replica that is paused inside a transaction would else hold its rows.
TIMEOUTS = {"transaction_timeout": "5s", "lock_timeout": "2s", "idle_in_transaction_session_timeout": "5s"}


@dataclass(frozen=True)
class Passwords:
    """The passwords of a service's three roles, kept by the caller."""

    owner: str
    service: str
    finder: str


@dataclass(frozen=True)
class ServiceDatabase:
    """A service's database: its name and an address for each role."""

    name: str
    owner: str
    service: str
    finder: str


def create_service_database(
    server: Postgres, service: str, passwords: Passwords, database: str | None = None
) -> ServiceDatabase:
    """Make the service's roles and the database `<service>` (or `database`) where missing, and set the passwords."""
    name = database or service
    with _administration(server) as connection:
        _make_role(connection, f"{service}_owner", passwords.owner, {})
        _make_role(connection, f"{service}_service", passwords.service, TIMEOUTS)
        _make_role(connection, f"{service}_finder", passwords.finder, TIMEOUTS)
        connection.execute("REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC")
        if not connection.execute("SELECT FROM pg_database WHERE datname = %s", (name,)).rowcount:
            _create_database(connection, name, service)
    with psycopg.connect(server.url(database=name), autocommit=True) as connection:
        # A new table is closed to others by itself; a new function is not.
        owner = sql.Identifier(f"{service}_owner")
        connection.execute(
            sql.SQL("ALTER DEFAULT PRIVILEGES FOR ROLE {} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC").format(owner)
        )
    return open_service_database(server, service, passwords, name)


def clone_service_database(
    server: Postgres, service: str, passwords: Passwords, template: str, name: str
) -> ServiceDatabase:
    """A new database `name`, a copy of `template` with the same roles. Nobody may be connected to the template."""
    with _administration(server) as connection:
        _create_database(connection, name, service, template)
    return open_service_database(server, service, passwords, name)


def open_service_database(server: Postgres, service: str, passwords: Passwords, name: str) -> ServiceDatabase:
    """Let the service's roles into the database `name`, and nobody else; a copy of a database has none of this."""
    roles = [sql.Identifier(f"{service}_{role}") for role in ("service", "finder")]
    with psycopg.connect(server.url(database=name), autocommit=True) as connection:
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
        connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
        for role in roles:
            connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(name), role))
            connection.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role))
    return ServiceDatabase(
        name=name,
        owner=server.url(f"{service}_owner", passwords.owner, name),
        service=server.url(f"{service}_service", passwords.service, name),
        finder=server.url(f"{service}_finder", passwords.finder, name),
    )


@contextmanager
def _administration(server: Postgres) -> Iterator[psycopg.Connection]:
    """A connection of the superuser that nobody else has at the same time: two may not change one role at once."""
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(hashtext('administration'))")
        yield connection


def _make_role(connection: psycopg.Connection, role: str, password: str, settings: dict[str, str]) -> None:
    name = sql.Identifier(role)
    if not connection.execute("SELECT FROM pg_roles WHERE rolname = %s", (role,)).rowcount:
        connection.execute(sql.SQL("CREATE ROLE {}").format(name))
    # Only the verifier travels: a statement that fails is written to the server's log.
    verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    attributes = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT PASSWORD {}"
    connection.execute(sql.SQL("ALTER ROLE {} " + attributes).format(name, sql.Literal(verifier)))
    for setting, value in settings.items():
        connection.execute(
            sql.SQL("ALTER ROLE {} SET {} = {}").format(name, sql.Identifier(setting), sql.Literal(value))
        )


def _create_database(connection: psycopg.Connection, name: str, service: str, template: str = "template1") -> None:
    statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}")
    owner = sql.Identifier(f"{service}_owner")
    connection.execute(statement.format(sql.Identifier(name), owner, sql.Identifier(template)))
