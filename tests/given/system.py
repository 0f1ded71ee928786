"""The whole of RAPPIT, started as `make run` starts it: one for all end-to-end tests, which run in one worker."""

from collections.abc import AsyncIterator

import pytest

from laptop.system import System
from tests.given.run import Run


@pytest.fixture(scope="session")
async def system(this_run: Run) -> AsyncIterator[System]:
    """A running system, with fsync off. A test that kills a process of it waits until it is `running()` again."""
    started = await System.start(this_run.folder / "system", durable=False)
    yield started
    await started.stop()


@pytest.fixture(scope="session")
def gateway(system: System) -> str:
    """The address of the running system's gateway."""
    return system.addresses.gateway
