"""All services, serving."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from tests.contract.installation import Installation, Installer
from tests.given.postgres import DatabaseOf
from tests.given.service_keys import ServiceKeys


@pytest.fixture(scope="session")
async def installation(service_database: DatabaseOf, service_keys: ServiceKeys) -> AsyncIterator[Installation]:
    """One for all tests of the worker."""
    async with AsyncExitStack() as stack:
        yield await Installer(stack, service_database, service_keys).install()
