"""Containers serve the tests where they are asked for, and nowhere else."""

import os
import subprocess
import sys

import pytest

from tests.given.containers import ASKED_BY, are_asked_for


def run_of(test: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """A run of its own, in which no Docker engine answers."""
    here = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_") and name != ASKED_BY}
    given = {**here, "DOCKER_HOST": "unix:///nowhere/docker.sock", **environment}
    command = [sys.executable, "-m", "pytest", "-q", "--numprocesses=0", test]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=given, timeout=60)


def test_who_asks_for_containers_and_has_no_engine_is_told_so() -> None:
    run = run_of("tests/architecture/test_containers.py::test_only_who_asks_has_containers", **{ASKED_BY: "1"})

    assert run.returncode == pytest.ExitCode.USAGE_ERROR, run.stdout
    assert f"{ASKED_BY} asks for containers and no Docker engine answers" in run.stderr


@pytest.mark.parametrize(("value", "asked"), [("1", True), ("yes", True), ("0", False), ("", False)])
def test_only_who_asks_has_containers(monkeypatch: pytest.MonkeyPatch, value: str, asked: bool) -> None:
    monkeypatch.setenv(ASKED_BY, value)

    assert are_asked_for() is asked
