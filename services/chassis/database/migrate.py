"""Bring a service's database to the newest schema: the chassis's tables first, then the service's own.

Migrations are files `NNNN_sentence.py` with `revision = "NNNN"`, run by alembic as the owner's role. Each set is one
transaction under an advisory lock; a lock that is not granted in two seconds fails the migration, so that it never
queues the service's traffic behind itself.
"""

from pathlib import Path

import psycopg
from alembic import context
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text

from chassis.database.revisions import CHASSIS_FOLDER, CHASSIS_VERSIONS, SERVICE_VERSIONS, folder_of

# Any number, the same in every process that migrates.
_LOCK = 7_246_901
_LOCK_TIMEOUT = "2s"


def migrate(service: str, owner_url: str) -> None:
    """Run what is missing. A second process that migrates waits for the first and finds nothing to do."""
    engine = create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(owner_url, prepare_threshold=None), pool_size=1
    )
    try:
        with engine.connect() as connection:
            _run(connection, service, CHASSIS_FOLDER, CHASSIS_VERSIONS)
            folder = folder_of(service)
            if folder:
                _run(connection, service, folder, SERVICE_VERSIONS)
    finally:
        engine.dispose()


def _config(folder: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("version_locations", str(folder))
    config.set_main_option("path_separator", "newline")
    return config


def _run(connection: Connection, service: str, folder: Path, version_table: str) -> None:
    config = _config(folder)
    config.attributes["service"] = service
    scripts = ScriptDirectory.from_config(config)
    with (
        connection.begin(),
        EnvironmentContext(
            config, scripts, fn=lambda revision, _: scripts._upgrade_revs("head", revision), destination_rev="head"
        ) as environment,
    ):
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        connection.execute(text(f"SET LOCAL lock_timeout = '{_LOCK_TIMEOUT}'"))
        environment.configure(connection=connection, version_table=version_table)
        environment.run_migrations()
        connection.execute(text(f"GRANT SELECT ON {version_table} TO {service}_service"))


def service_name() -> str:
    """Inside a migration: the service that is being migrated, whose name its roles begin with."""
    return str(context.config.attributes["service"])
