"""Which tests run in one worker: those of a file, which share its fixtures; all end-to-end tests, with one system."""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

END_TO_END = "tests/e2e/"


class ByFile(LoadScopeScheduling):  # type: ignore[misc]
    """Hands out the end-to-end tests first, as if they were one file, then whole files, those with most tests first.

    Few as they are, the end-to-end tests take longest: begun last, one worker would be left with them alone.
    """

    def _split_scope(self, nodeid: str) -> str:
        return END_TO_END if nodeid.startswith(END_TO_END) else nodeid.partition("::")[0]

    def _assign_work_unit(self, node: Any) -> None:
        if END_TO_END in self.workqueue:
            self.workqueue.move_to_end(END_TO_END, last=False)
        super()._assign_work_unit(node)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    """How pytest-xdist shares the tests out."""
    return ByFile(config, log)
