"""The running system's demo, in a folder from which its documentation can be followed."""

from pathlib import Path

import pytest

from laptop.demo.prepare import prepare
from laptop.system import System
from tests.given.run import Run

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
async def demo(this_run: Run, system: System) -> Path:
    """A folder that looks, to who follows a page, as the repository does while `make run` runs there."""
    folder = this_run.folder / "demo"
    folder.mkdir()
    await prepare(folder, system.addresses.gateway, system.addresses.simulator, lambda _: None)
    (folder / ".rappit").symlink_to(folder)
    # What the runner wrote down, for who kills a process.
    (folder / "started").symlink_to(system.folder / "started")
    for entry in ROOT.iterdir():
        if entry.name not in {".rappit", ".git"}:
            (folder / entry.name).symlink_to(entry)
    return folder
