"""Orders' database, and an organisation with a store for each test."""

from collections.abc import AsyncIterator

import pytest

from chassis.database.pool import Database
from tests.given.mint import Mint
from tests.given.postgres import DatabaseOf
from tests.given.served_orders import ServedOrders, serve_orders
from tests.given.service_keys import ServiceKeys
from tests.given.shop import Shop, open_shop


@pytest.fixture(scope="session")
async def orders_database(service_database: DatabaseOf) -> AsyncIterator[Database]:
    """Orders' database, open as the service opens it."""
    addresses = service_database("orders")
    opened = await Database.open(addresses.service, addresses.finder, service="orders", size=16)
    yield opened
    await opened.close()


@pytest.fixture
async def shop(orders_database: Database) -> Shop:
    """A new organisation with a store, and inventory's items TEE-RED, TEE-BLUE, CAP and MUG."""
    return await open_shop(orders_database, "TEE-RED", "TEE-BLUE", "CAP", "MUG")


@pytest.fixture
async def served_orders(
    orders_database: Database, service_database: DatabaseOf, service_keys: ServiceKeys, mint: Mint
) -> AsyncIterator[ServedOrders]:
    """A serving orders, over the worker's one database."""
    async with serve_orders(orders_database, service_database("orders"), service_keys, mint) as served:
        yield served
