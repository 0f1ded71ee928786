"""A served RPC on the loopback."""

from collections.abc import AsyncIterator

import pytest

from tests.given.mint import Mint
from tests.given.served_items import Served, serving


@pytest.fixture
async def served(mint: Mint) -> AsyncIterator[Served]:
    """A server of this test's own, with orders as its caller."""
    async with serving(mint) as server:
        yield server
