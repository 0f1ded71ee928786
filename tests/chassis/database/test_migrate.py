"""Migrations make the tables that are declared, and no table is left open; what would leave one open is found."""

import asyncio
import sys
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from chassis.database import migrate as migrations
from chassis.database.migrate import migrate
from chassis.database.schema import DIRECTORY, METADATA
from chassis.messaging import inbox, outbox  # noqa: F401 (they declare their tables)
from tests.given.postgres import DatabaseOf
from tests.given.schema_audit import THIS_ORGANIZATION, differences, violations


def test_the_chassis_migrates_to_what_it_declares(service_database: DatabaseOf) -> None:
    owner = service_database("chassis").owner

    assert differences(owner, METADATA) == []
    with psycopg.connect(owner) as connection:
        assert violations(connection, "chassis", DIRECTORY) == []


def test_migrating_again_changes_nothing(fresh_service_database: DatabaseOf) -> None:
    owner = fresh_service_database("chassis").owner

    migrate("chassis", owner)

    assert differences(owner, METADATA) == []


async def test_two_that_migrate_at_once_wait_for_each_other(empty_database: DatabaseOf) -> None:
    owner = empty_database("chassis").owner
    program = (sys.executable, "-c", "import sys; from chassis.database.migrate import migrate; migrate(*sys.argv[1:])")

    processes = [await asyncio.create_subprocess_exec(*program, "chassis", owner) for _ in range(2)]

    assert [await process.wait() for process in processes] == [0, 0]
    assert differences(owner, METADATA) == []


async def test_a_migration_gives_up_rather_than_queue_traffic_behind_itself(
    fresh_service_database: DatabaseOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = fresh_service_database("chassis").owner
    (tmp_path / "0001_widen.py").write_text(
        'from alembic import op\nrevision, down_revision = "0001", None\n'
        'def upgrade():\n    op.execute("ALTER TABLE lanes ADD COLUMN note text")\n'
    )
    monkeypatch.setattr(migrations, "folder_of", lambda _: tmp_path)
    async with await psycopg.AsyncConnection.connect(owner) as reader:
        await reader.execute("SELECT FROM lanes")

        with pytest.raises(OperationalError, match="lock timeout"):
            await asyncio.to_thread(migrate, "chassis", owner)

    migrate("chassis", owner)
    assert len(differences(owner, METADATA)) == 1


@pytest.mark.parametrize(
    ("planted", "fault"),
    [
        ("CREATE TABLE t (organization_id uuid NOT NULL)", "t does not force row-level security"),
        ("CREATE TABLE t (id uuid)", "t has no organization_id"),
        ("ALTER TABLE lanes NO FORCE ROW LEVEL SECURITY", "lanes does not force row-level security"),
        ("DROP POLICY tenant ON lanes", "lanes has no policy of its tenant"),
        ("CREATE POLICY p ON lanes TO chassis_service USING (true)", "lanes: policy p is not that of a tenant table"),
        (
            f"CREATE POLICY p ON lanes FOR SELECT USING ({THIS_ORGANIZATION})",
            "lanes: policy p is for public",
        ),
        (
            "CREATE POLICY p ON lanes FOR DELETE TO chassis_finder USING (true)",
            "lanes: policy p lets the finder do more",
        ),
        ("CREATE UNIQUE INDEX i ON lanes (aggregate_id) WHERE false", "lanes: unique index i begins with aggregate_id"),
        (
            "CREATE UNIQUE INDEX i ON lanes (lower(consumer)) WHERE false",
            "lanes: unique index i begins with an expression",
        ),
        (
            """ALTER TABLE inbox ADD CONSTRAINT f FOREIGN KEY (consumer, organization_id, aggregate_id)
            REFERENCES lanes (consumer, organization_id, aggregate_id)""",
            "inbox: foreign key f does not carry the organisation",
        ),
        ("CREATE VIEW v AS SELECT * FROM lanes", "view v runs with its owner's rights"),
        ("CREATE MATERIALIZED VIEW v AS SELECT 1 AS one", "materialized view v has no policy"),
        (
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
            "function f is SECURITY DEFINER",
        ),
        ("GRANT TRUNCATE ON lanes TO chassis_service", "lanes: chassis_service may TRUNCATE"),
        ("GRANT DELETE ON lanes TO chassis_finder", "lanes: chassis_finder may DELETE"),
        ("GRANT UPDATE (next_try_time) ON lanes TO chassis_finder", "lanes: the finder may UPDATE next_try_time"),
        ("GRANT SELECT ON lanes TO PUBLIC", "lanes: PUBLIC may SELECT"),
        (
            """CREATE TABLE whole (organization_id uuid NOT NULL) PARTITION BY HASH (organization_id);
            CREATE TABLE part PARTITION OF whole FOR VALUES WITH (MODULUS 1, REMAINDER 0)""",
            "part does not force row-level security",
        ),
        ("DROP TABLE leases", "leases is a directory table and is not there"),
    ],
)
def test_a_table_left_open_is_found(planted: str, fault: str, service_database: DatabaseOf) -> None:
    """Holes 1, 4 and 6 to 9 of row-level security, each planted in a transaction that is rolled back."""
    with psycopg.connect(service_database("chassis").owner) as connection:
        connection.execute(planted.encode())

        assert fault in violations(connection, "chassis", DIRECTORY)
        connection.rollback()
