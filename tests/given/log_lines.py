"""What a process of RAPPIT would have written to its log."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from chassis.telemetry import logs


class LogLines:
    """The log so far."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        """All lines."""
        return self.stream.getvalue()

    def of(self, event: str) -> list[dict[str, Any]]:
        """The lines of one event."""
        lines = [json.loads(line) for line in self.text.splitlines()]
        return [line for line in lines if line["event"] == event]


@pytest.fixture
def log_lines() -> Iterator[LogLines]:
    """The log of this test, as a service's process writes it."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    lines = LogLines()
    logs.configure("inventory", stream=lines.stream)
    yield lines
    structlog.reset_defaults()
    logging.captureWarnings(capture=False)
    root.handlers = handlers
    root.setLevel(level)
