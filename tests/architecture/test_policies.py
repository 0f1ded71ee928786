"""Every service's database is as its tables declare it, and every table that is not listed as a directory is closed."""

import importlib

import psycopg
import pytest
from sqlalchemy import MetaData

from chassis.database.schema import DIRECTORY as CHASSIS_DIRECTORY
from chassis.database.schema import METADATA as CHASSIS_METADATA
from chassis.messaging import inbox, outbox  # noqa: F401 (they declare their tables)
from tests.architecture.sources import CONTEXTS, packages
from tests.given.postgres import DatabaseOf
from tests.given.schema_audit import differences, violations

SERVICES = [context for context in CONTEXTS if context in packages()]


@pytest.mark.parametrize("service", SERVICES)
def test_the_migrated_tables_are_those_declared(service: str, service_database: DatabaseOf) -> None:
    metadata: MetaData = importlib.import_module(f"{service}.schema").METADATA

    assert differences(service_database(service).owner, CHASSIS_METADATA, metadata) == []


@pytest.mark.parametrize("service", SERVICES)
def test_every_table_has_its_policy_but_those_listed(service: str, service_database: DatabaseOf) -> None:
    directory: frozenset[str] = importlib.import_module(f"{service}.schema").DIRECTORY

    with psycopg.connect(service_database(service).owner) as connection:
        assert violations(connection, service, directory | CHASSIS_DIRECTORY) == []


def test_there_is_a_service_to_look_at() -> None:
    assert SERVICES
