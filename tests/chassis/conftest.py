"""A database that has the chassis's tables and nothing else."""

from collections.abc import AsyncIterator

import pytest

from chassis.database.pool import Database
from tests.given.postgres import DatabaseOf


@pytest.fixture(scope="session")
async def database(service_database: DatabaseOf) -> AsyncIterator[Database]:
    """An open database; tests use organisations of their own."""
    addresses = service_database("chassis")
    opened = await Database.open(addresses.service, addresses.finder, service="chassis", size=8)
    yield opened
    await opened.close()
