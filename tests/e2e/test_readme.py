"""The README's walk, run from its text against a demo as `make run` makes it."""

import asyncio
import re
import subprocess
from pathlib import Path

import pytest

from laptop.demo.prepare import prepare
from laptop.system import System

pytestmark = pytest.mark.kafka

ROOT = Path(__file__).parents[2]
END = "--- end of step"


def steps_of(readme: str) -> list[tuple[str, str]]:
    """(commands, expected output) of each console block, in order: a new step begins after each output."""
    steps: list[tuple[str, str]] = []
    for block in re.findall(r"```console\n(.*?)```", readme, re.DOTALL):
        commands: list[str] = []
        output: list[str] = []
        for line in block.splitlines():
            if line.startswith("$ "):
                if output:
                    steps.append(("\n".join(commands), "\n".join(output)))
                    commands, output = [], []
                commands.append(line[2:])
            else:
                output.append(line)
        steps.append(("\n".join(commands), "\n".join(output)))
    return steps


def matches(expected: str, printed: str) -> bool:
    """Whether it was printed as written, `…` standing for anything within a line."""
    pattern = ".*".join(map(re.escape, expected.split("…")))
    return re.fullmatch(pattern, printed) is not None


async def test_the_walk_prints_what_the_readme_says(system: System, tmp_path: Path) -> None:
    steps = steps_of((ROOT / "README.md").read_text())
    assert len(steps) > 8
    addresses = system.addresses
    await prepare(tmp_path, addresses.gateway, addresses.simulator, lambda _: None)
    (tmp_path / ".rappit").symlink_to(tmp_path)
    (tmp_path / "docs").symlink_to(ROOT / "docs")

    script = "\n".join(f"{commands}\necho '{END}'" for commands, _ in steps)
    # A walk that waits for what never comes is ended, and told as far as it came.
    walk = await asyncio.to_thread(
        subprocess.run,
        ["timeout", "60", "bash", "-c", script],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    printed = [part.strip("\n") for part in walk.stdout.split(END)]
    for (commands, expected), answer in zip(steps, printed, strict=False):
        told = f"$ {commands}\nexpected:\n{expected}\nprinted:\n{answer}\n{walk.stderr}"
        assert matches(expected, answer.rstrip()), told
    assert len(printed) == len(steps) + 1
