"""Inventory's database, and an organisation of its own for each test."""

from collections.abc import AsyncIterator

import pytest

from chassis.database.pool import Database
from tests.given.postgres import DatabaseOf
from tests.given.stock import Stockroom, make_stockroom


@pytest.fixture(scope="session")
async def inventory(service_database: DatabaseOf) -> AsyncIterator[Database]:
    """Inventory's database, open as the service opens it."""
    addresses = service_database("inventory")
    opened = await Database.open(addresses.service, addresses.finder, service="inventory", size=16)
    yield opened
    await opened.close()


@pytest.fixture
async def room(inventory: Database) -> Stockroom:
    """A new organisation with its default warehouse and nothing in it."""
    return await make_stockroom(inventory)
