"""One Kafka broker per run, embedded or a container (containers.py); a topic prefix for each worker."""

from typing import Any

import pytest

from laptop import jars
from laptop.kafka import make_kafka
from laptop.ports import free_port
from tests.given import containers
from tests.given.run import Run


@pytest.fixture(scope="session")
def kafka(this_run: Run) -> str:
    """The address of the run's broker. Others use it: a test that stops or kills one starts a broker of its own."""

    def start() -> dict[str, Any]:
        if containers.are_asked_for():
            return {"bootstrap": containers.start_kafka(this_run)}
        broker = make_kafka(this_run.folder / "kafka", free_port(), guard=this_run.guard)
        broker.start()
        this_run.keep(broker)
        return {"bootstrap": broker.bootstrap}

    bootstrap: str = this_run.once("kafka", start)["bootstrap"]
    return bootstrap


@pytest.fixture(scope="session")
def topic_prefix(this_run: Run) -> str:
    """What this worker's topics and consumer groups begin with."""
    return f"{this_run.worker}."


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what only Apache Kafka can pass, where there is none."""
    if jars.what_is_missing():
        left_out = [item for item in items if item.get_closest_marker("kafka") and not _has_container(item)]
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)


def _has_container(item: pytest.Item) -> bool:
    """Whether it asks for the run's broker, and that one is Apache Kafka without Java on this machine."""
    return containers.are_asked_for() and "kafka" in getattr(item, "fixturenames", ())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say so, for a run that passes without them proves less."""
    why = jars.what_is_missing()
    if why:
        terminalreporter.write_line(
            f"Kafka was the stand-in ({why}): the tests marked `kafka` did not run.", yellow=True
        )
