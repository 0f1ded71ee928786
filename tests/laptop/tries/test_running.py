"""What is said where nothing runs."""

import subprocess
import sys
from pathlib import Path

import pytest

from laptop.demo.made import ENVIRONMENT_FILE
from laptop.ports import HOST, free_port
from laptop.tries.running import NotRunning, read_environment, running

TOLD = "STORE='a' SHOP='b' SECRET='c' SECOND_STORE='d' SECOND_SHOP='e' SECOND_SECRET='f' OTHER_SECRET='g' EMAIL='h'"


def test_without_a_demo_it_is_said_what_to_do(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "laptop.tries", "--folder", str(tmp_path), "forged"]
    refused = subprocess.run(command, capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert refused.stderr.splitlines() == [
        f"RAPPIT does not run with its demo in {tmp_path}: there is no demo.env.",
        "  Start it in another shell by `make run`, and try again when its screen shows orders.",
    ]


async def test_where_the_gateway_does_not_answer_it_is_said_what_to_do(tmp_path: Path) -> None:
    address = f"http://{HOST}:{free_port()}"
    lines = [*TOLD.split(), "PASSWORD='p'", f"RAPPIT='{address}'"]
    (tmp_path / ENVIRONMENT_FILE).write_text("\n".join(lines))
    with pytest.raises(NotRunning, match=f"signing in at {address} failed"):
        async with running(tmp_path):
            raise AssertionError("nobody is there")


def test_values_are_read_as_a_shell_reads_them(tmp_path: Path) -> None:
    (tmp_path / ENVIRONMENT_FILE).write_text("PASSWORD='a b$c=d'\nEMAIL='sara@example.com'\n")
    assert read_environment(tmp_path) == {"PASSWORD": "a b$c=d", "EMAIL": "sara@example.com"}
