import signal
import sys
from pathlib import Path

import pytest

from laptop.program import Program
from laptop.waiting import wait_until


@pytest.fixture
def deaf(tmp_path: Path) -> Program:
    """A program that does not hear SIGTERM."""
    code = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('here', flush=True); time.sleep(600)"
    )
    return Program("deaf", [sys.executable, "-c", code], log=tmp_path / "deaf.log")


def test_what_it_prints_is_added_to_its_log(tmp_path: Path) -> None:
    program = Program("greeter", [sys.executable, "-c", "print('hello')"], log=tmp_path / "logs" / "greeter.log")
    for _ in range(2):
        program.start()
        assert wait_until(lambda: not program.is_running(), 10)
    assert program.last_lines() == ["hello", "hello"]
    assert program.exit_status == 0


def test_one_that_ends_when_asked_was_stopped_cleanly(tmp_path: Path) -> None:
    program = Program("sleeper", ["sleep", "600"], log=tmp_path / "log")
    program.start()
    assert program.stop()
    assert program.exit_status == -signal.SIGTERM


def test_one_that_does_not_end_when_asked_is_killed_after_the_grace(deaf: Program) -> None:
    deaf.start()
    assert wait_until(lambda: deaf.last_lines() == ["here"], 10)
    assert not deaf.stop(grace=0.1)
    assert deaf.exit_status == -signal.SIGKILL


def test_a_paused_one_can_be_stopped_and_ends_in_its_own_way(tmp_path: Path) -> None:
    code = "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: sys.exit(7)); print('here', flush=True)"
    program = Program("polite", [sys.executable, "-c", f"{code}; time.sleep(600)"], log=tmp_path / "log")
    program.start()
    assert wait_until(lambda: program.last_lines() == ["here"], 10)
    program.pause()
    assert program.stop(grace=10)
    assert program.exit_status == 7
