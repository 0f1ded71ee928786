"""An organisation is suspended while it works, and goes on where it stopped."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from chassis.clock import SystemClock
from chassis.database.pool import Database
from identity.organizations.reactivate_organization import reactivate_organization
from identity.organizations.suspend_organization import suspend_organization
from laptop.system import System
from tests.given.merchants import Merchant, eventually, order_of

# A token is remembered for longer, and the list of revocations looked at less often: it is the event that does it.
BY_EVENT_SECONDS = 5.0


@pytest.fixture
async def identity_of_the_system(system: System) -> AsyncIterator[Database]:
    addresses = system.url("identity", "service"), system.url("identity", "finder")
    database = await Database.open(*addresses, service="identity", size=2)
    yield database
    await database.close()


async def test_a_suspended_organization_is_refused_at_once_and_loses_nothing(
    gateway: str, identity_of_the_system: Database
) -> None:
    """Trap 5. Its people are refused by the token that was good a moment ago; what its store sends is taken."""
    async with Merchant.signed_up(gateway) as merchant:
        await merchant.stock("CUP", 10)
        await merchant.connect()
        organization = UUID((await merchant.get("/v1/organization"))["organization"]["id"])

        async def status() -> int:
            return (await merchant.http.get("/v1/orders")).status_code

        async with identity_of_the_system.transaction(organization) as tx:
            await suspend_organization(tx, SystemClock(), "unpaid")
        await eventually(status, lambda code: code == 403, BY_EVENT_SECONDS)
        assert await merchant.deliver(order_of("#4701", ("CUP", 2))) == 200
        async with identity_of_the_system.transaction(organization) as tx:
            await reactivate_organization(tx, SystemClock(), "paid")
        await eventually(status, lambda code: code == 200)

        await merchant.order("#4701", "RESERVED")
        assert await merchant.level("CUP") == (10, 2, 8)
