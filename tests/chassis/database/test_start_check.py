"""A service does not start with a role that policies do not bind, or on a schema older than its code."""

import secrets
from collections.abc import Callable, Iterator

import psycopg
import pytest
from psycopg import sql

from chassis.database import start_check
from chassis.database.pool import Database
from chassis.database.start_check import StartRefused
from laptop.databases import TIMEOUTS, ServiceDatabase
from laptop.postgres import Postgres
from tests.given.postgres import DatabaseOf


@pytest.fixture
def addresses(fresh_service_database: DatabaseOf) -> ServiceDatabase:
    return fresh_service_database("chassis")


@pytest.fixture
def role_with(postgres: Postgres, addresses: ServiceDatabase) -> Iterator[Callable[..., str]]:
    """`role_with("BYPASSRLS")` makes a role and answers its address; it is gone after the test."""
    made: list[tuple[str, psycopg.Connection]] = []
    connection = psycopg.connect(postgres.url(database=addresses.name), autocommit=True)

    def make(attributes: str = "", *, member_of: str = "", may: str = "", timeouts: bool = True) -> str:
        name, password = f"role_{secrets.token_hex(6)}", secrets.token_urlsafe()
        role = sql.Identifier(name)
        connection.execute(
            sql.SQL("CREATE ROLE {} LOGIN " + attributes + " PASSWORD {}").format(role, sql.Literal(password))
        )
        made.append((name, connection))
        connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(addresses.name), role))
        connection.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role))
        if member_of:
            connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(member_of), role))
        if may:
            connection.execute(sql.SQL("GRANT " + may + " TO {}").format(role))
        for setting, value in TIMEOUTS.items() if timeouts else ():
            connection.execute(
                sql.SQL("ALTER ROLE {} SET {} = {}").format(role, sql.Identifier(setting), sql.Literal(value))
            )
        return postgres.url(name, password, addresses.name)

    yield make
    for name, _ in made:
        connection.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(name)))
        connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))
    connection.close()


@pytest.mark.parametrize(
    ("how", "fault"),
    [
        ({"attributes": "SUPERUSER"}, "superuser"),
        ({"attributes": "BYPASSRLS"}, "BYPASSRLS"),
        ({"member_of": "chassis_owner"}, "owner"),
        ({"may": "TRUNCATE ON inbox"}, "TRUNCATE"),
        ({"may": "REFERENCES ON inbox"}, "TRUNCATE"),
        ({"timeouts": False}, "transaction_timeout"),
    ],
)
async def test_a_role_that_policies_do_not_bind_is_refused(
    how: dict[str, str], fault: str, role_with: Callable[..., str], addresses: ServiceDatabase
) -> None:
    """Holes 1 and 6 of row-level security; also when the role could only become such a one."""
    url = role_with(**how)

    for service, finder in ((url, addresses.finder), (addresses.service, url)):
        with pytest.raises(StartRefused, match=fault):
            await Database.open(service, finder, service="chassis", size=1)


async def test_the_owner_of_the_tables_is_refused(addresses: ServiceDatabase) -> None:
    with pytest.raises(StartRefused, match="owns tables"):
        await Database.open(addresses.owner, addresses.finder, service="chassis", size=1)


async def test_a_schema_older_than_the_code_is_refused_and_a_newer_one_is_not(
    addresses: ServiceDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start_check, "newest_chassis", lambda: "0001")
    await (await Database.open(addresses.service, addresses.finder, service="chassis", size=1)).close()

    monkeypatch.setattr(start_check, "newest_chassis", lambda: "9999")
    with pytest.raises(StartRefused, match="chassis_version is at 0004, this code needs 9999: run `chassis migrate`"):
        await Database.open(addresses.service, addresses.finder, service="chassis", size=1)


async def test_a_database_without_tables_is_refused(empty_database: DatabaseOf) -> None:
    empty = empty_database("chassis")

    with pytest.raises(StartRefused, match="at nothing"):
        await Database.open(empty.service, empty.finder, service="chassis", size=1)
