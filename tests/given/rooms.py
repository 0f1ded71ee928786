"""Which tests run in one worker: those of a file, which share its fixtures; all end-to-end tests, with one system."""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

END_TO_END = "tests/e2e/"


class ByFile(LoadScopeScheduling):  # type: ignore[misc]
    """Hands out whole files, those with most tests first, and the end-to-end tests as if they were one file."""

    def _split_scope(self, nodeid: str) -> str:
        return END_TO_END if nodeid.startswith(END_TO_END) else nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    """How pytest-xdist shares the tests out."""
    return ByFile(config, log)
