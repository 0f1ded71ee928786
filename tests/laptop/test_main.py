"""What `make run` says when it is told to stop, and when it cannot start."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from laptop.system import FolderRefused, System

SLOW_TO_STOP = """
import asyncio, signal
from laptop.__main__ import _stop_when_told

async def run():
    _stop_when_told()
    may_end = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, may_end.set)
    try:
        print("runs", flush=True)
        await asyncio.Event().wait()
    finally:
        print("stopping", flush=True)
        await may_end.wait()
        print("stopped", flush=True)

asyncio.run(run())
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_only_the_first_signal_stops_and_the_next_are_answered(number: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SLOW_TO_STOP],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "runs\n"
        running.send_signal(number)
        assert running.stdout.readline() == "stopping\n"
        running.send_signal(number)
        assert "stopping already" in running.stdout.readline()
        running.send_signal(signal.SIGUSR1)
        assert running.stdout.readline() == "stopped\n"


def test_a_folder_that_cannot_be_used_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    command = [sys.executable, "-m", "laptop", "--folder", str(tmp_path / "file")]
    refused = subprocess.run(command, capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"RAPPIT cannot keep its data in {tmp_path / 'file'}: ")
    assert len(refused.stderr.splitlines()) == 1


async def test_a_key_that_was_spoilt_stops_the_start_and_leaves_nothing_running(tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "orders.pem").write_text("spoilt")
    with pytest.raises(FolderRefused, match=r"the keys in .+secrets: one is no PEM"):
        await System.start(tmp_path, durable=False)
    assert not (tmp_path / "started").exists()
