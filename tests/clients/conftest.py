"""All of RAPPIT behind a real gateway, and a merchant who uses it as outsiders do."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID, uuid4

import httpx2
import pytest

from chassis.clock import SystemClock
from rappit_client import RappitClient
from rappit_client.identity import SignUpRequest
from tests.given.postgres import DatabaseOf
from tests.given.service_keys import ServiceKeys

if TYPE_CHECKING:
    from tests.contract.installation import Installation

PASSWORD = "a long walk to the souq"


@dataclass(frozen=True)
class Rappit:
    """Where a merchant's RAPPIT is, and how the merchant signs in."""

    port: int
    email: str
    organization: UUID
    installation: "Installation"

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture(scope="session")
async def served(fresh_service_database: DatabaseOf, service_keys: ServiceKeys) -> AsyncIterator[Rappit]:
    """A merchant's organisation in a RAPPIT whose Kafka is away; what events would tell is told by hand."""
    # The services are loaded for those tests alone that call them.
    from inventory.warehouses.record_organization import record_organization as record_for_inventory
    from orders.stores.record_organization import record_organization as record_for_orders
    from tests.contract.installation import Installer
    from tests.gateway.conftest import serving

    async with AsyncExitStack() as stack:
        installation = await Installer(stack, fresh_service_database, service_keys).install()
        # It has what a gateway needs of its neighbours: their ports, and keys.
        gateway = await stack.enter_async_context(serving(cast("Any", installation)))
        email = f"{uuid4().hex}@example.com"
        async with RappitClient(f"http://127.0.0.1:{gateway.port}") as stranger:
            request = SignUpRequest(organization_name="Souq", email=email, password=PASSWORD)
            organization = UUID((await stranger.identity.sign_up(request)).organization.id)
        async with installation.databases["orders"].transaction(organization) as tx:
            await record_for_orders(tx, "ACTIVE", 1)
        async with installation.databases["inventory"].transaction(organization) as tx:
            await record_for_inventory(tx, SystemClock())
        yield Rappit(gateway.port, email, organization, installation)


class Counted:
    """An HTTP client that counts what it sends: `paths` in their order."""

    def __init__(self) -> None:
        self.requests: list[httpx2.Request] = []
        self.http = httpx2.AsyncClient(event_hooks={"request": [self._note]})

    async def _note(self, request: httpx2.Request) -> None:
        self.requests.append(request)

    def sent(self, path: str) -> int:
        """How often something was sent to this path."""
        return [request.url.path for request in self.requests].count(path)


@pytest.fixture
async def counted() -> AsyncIterator[Counted]:
    """Closed at the end of the test."""
    made = Counted()
    yield made
    await made.http.aclose()


@pytest.fixture
async def rappit(served: Rappit, counted: Counted) -> AsyncIterator[RappitClient]:
    """The merchant's client, signed in; `counted` sees what it sends."""
    async with RappitClient(served.address, http=counted.http) as client:
        await client.sign_in(email=served.email, password=PASSWORD)
        counted.requests.clear()
        yield client
