"""One run of the tests: what its workers share is started by the first that needs it, and ended with the run."""

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from laptop.guard import Guard


class Run:
    """The folder of one run, and who we are in it. `owner` is the process with whose end everything ends."""

    def __init__(self, folder: Path, worker: str, owner: int) -> None:
        self.folder = folder
        self.worker = worker
        self.owner = owner
        self.guard = Guard(folder / "started")
        # A server must outlive the fixture that started it: other workers use it.
        self._kept: list[object] = []

    def once(self, name: str, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """What `make` answered in the first worker that came here; the others wait for it and read it."""
        made = self.folder / f"{name}.json"
        with (self.folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not made.exists():
                made.write_text(json.dumps(make()))
        answer: dict[str, Any] = json.loads(made.read_text())
        return answer

    def keep(self, server: object) -> None:
        """Hold on to what was started here for all workers, and have it ended should the run be killed."""
        self._kept.append(server)
        self.once("guard", self._watch)

    def _watch(self) -> dict[str, Any]:
        self.guard.watch(self.owner, remove=self.folder)
        return {"by": os.getpid()}


RUN = pytest.StashKey[Run]()


@pytest.fixture(scope="session")
def this_run(pytestconfig: pytest.Config) -> Run:
    """The run that this test is part of."""
    return pytestconfig.stash[RUN]


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Make the run, or in a worker of pytest-xdist join the controller's."""
    told = getattr(session.config, "workerinput", None)
    if told is not None:
        run = Run(Path(told["run_folder"]), told["workerid"], told["run_owner"])
    else:
        run = Run(Path(tempfile.mkdtemp(prefix="rappit-tests-")), "main", os.getpid())
    session.config.stash[RUN] = run


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker that pytest-xdist is about to start where the run is."""
    run = node.config.stash[RUN]
    node.workerinput.update(run_folder=str(run.folder), run_owner=run.owner)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """After the last worker, also when the run was interrupted: end what was started."""
    run = session.config.stash.get(RUN, None)
    if run is not None and run.owner == os.getpid():
        run.guard.end_all()
        shutil.rmtree(run.folder)
