"""All services, serving."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import cast

import pytest

from tests.contract.another_organization import AnotherOrganization
from tests.contract.edge import Edge, People
from tests.contract.installation import Installation, Installer
from tests.gateway.conftest import serving
from tests.gateway.neighbours import Neighbours
from tests.given.described_api import DescribedApi
from tests.given.postgres import DatabaseOf
from tests.given.service_keys import ServiceKeys


@pytest.fixture(scope="session")
async def installation(service_database: DatabaseOf, service_keys: ServiceKeys) -> AsyncIterator[Installation]:
    """One for all tests of the worker."""
    async with AsyncExitStack() as stack:
        yield await Installer(stack, service_database, service_keys).install()


@pytest.fixture(scope="session")
async def ours(installation: Installation) -> AnotherOrganization:
    """The organisation whose people ask."""
    return await AnotherOrganization.founded(installation)


@pytest.fixture(scope="session")
async def theirs(installation: Installation) -> AnotherOrganization:
    """The one whose things they name."""
    return await AnotherOrganization.founded(installation)


@pytest.fixture(scope="session")
async def edge(installation: Installation) -> AsyncIterator[Edge]:
    """The gateway, whose Kafka is away."""
    # It has what a gateway needs of its neighbours: their ports, and keys.
    async with serving(cast("Neighbours", installation)) as gateway:
        document = (await gateway.http.get("/openapi.json")).json()
        yield Edge(installation, gateway, DescribedApi(document))


@pytest.fixture(scope="session")
async def people(edge: Edge, ours: AnotherOrganization) -> People:
    """Those who come to the gateway."""
    made = People(edge, ours)
    await made.come()
    return made
