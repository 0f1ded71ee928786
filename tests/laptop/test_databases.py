from collections.abc import Callable

import psycopg
import pytest
from psycopg import errors

from laptop.databases import Passwords, ServiceDatabase, clone_service_database, create_service_database
from laptop.postgres import Postgres

PASSWORDS = Passwords(owner="first", service="second", finder="third")


@pytest.fixture(scope="module")
def database(postgres: Postgres, topic_prefix: str) -> ServiceDatabase:
    """A database whose roles no other worker knows."""
    name = "ledger_of_" + topic_prefix.rstrip(".")
    made = create_service_database(postgres, name, PASSWORDS)
    with psycopg.connect(made.owner) as owner:
        owner.execute("CREATE TABLE facts (number int)")
        owner.execute("CREATE FUNCTION answer() RETURNS int LANGUAGE sql RETURN 42")
    return made


def test_making_it_again_changes_nothing_but_the_passwords(postgres: Postgres, database: ServiceDatabase) -> None:
    again = create_service_database(postgres, database.name, Passwords("first", "new", "third"))
    with psycopg.connect(again.owner) as owner:
        assert owner.execute("SELECT count(*) FROM facts").fetchone() == (0,)
    psycopg.connect(again.service).close()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(database.service)
    create_service_database(postgres, database.name, PASSWORDS)


@pytest.mark.parametrize(
    "statement", ["SELECT * FROM facts", "CREATE TABLE mine ()", "CREATE SCHEMA mine", "SELECT answer()"]
)
@pytest.mark.parametrize("role", ["service", "finder"])
def test_a_role_may_only_do_what_a_migration_granted(database: ServiceDatabase, role: str, statement: str) -> None:
    with psycopg.connect(getattr(database, role)) as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute(statement)


def test_no_role_of_a_service_is_above_policies(postgres: Postgres, database: ServiceDatabase) -> None:
    with psycopg.connect(postgres.url()) as connection:
        rows = connection.execute(
            "SELECT rolname, rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles WHERE starts_with(rolname, %s)",
            (f"{database.name}_",),
        ).fetchall()
    assert sorted(rows) == [(f"{database.name}_{role}", False) for role in ("finder", "owner", "service")]


def test_a_paused_service_cannot_hold_its_locks_for_long(database: ServiceDatabase) -> None:
    for url in (database.service, database.finder):
        with psycopg.connect(url) as connection:
            settings = ("transaction_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
            assert [connection.execute(f"SHOW {name}").fetchone() for name in settings] == [("5s",), ("2s",), ("5s",)]


def test_a_service_does_not_enter_the_database_of_another(
    database: ServiceDatabase, empty_database: Callable[[str], ServiceDatabase]
) -> None:
    other = empty_database("neighbour")
    for foreign in (other.name, "postgres"):
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            psycopg.connect(database.service, dbname=foreign)


def test_a_copy_holds_what_its_template_holds_and_lets_the_same_roles_in(
    postgres: Postgres, database: ServiceDatabase, empty_database: Callable[[str], ServiceDatabase]
) -> None:
    copy = clone_service_database(postgres, database.name, PASSWORDS, database.name, f"{database.name}_copy")
    with psycopg.connect(copy.owner) as owner:
        assert owner.execute("SELECT count(*) FROM facts").fetchone() == (0,)
    with psycopg.connect(copy.service) as service, pytest.raises(errors.InsufficientPrivilege):
        service.execute("SELECT * FROM facts")
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(empty_database("stranger").service, dbname=copy.name)
