"""A lease, for those verbs that are jobs."""

import pytest

from chassis.clock import SystemClock
from chassis.database.leases import Lease, take
from chassis.database.pool import Database


@pytest.fixture
async def lease(inventory: Database) -> Lease:
    """The lease of a job of this test."""
    async with inventory.directory() as tx:
        taken = await take(tx, f"job-{SystemClock().new_id()}", "test")
    assert taken is not None
    return taken
