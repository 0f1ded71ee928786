"""A page of documentation as a test: its commands are run as they stand, and must print what stands below them."""

import asyncio
import os
import re
import subprocess
from pathlib import Path

END = "--- end of step"


def steps_of(page: str) -> list[tuple[str, str]]:
    """(commands, expected output) of each console block, in order: a new step begins after each output."""
    steps: list[tuple[str, str]] = []
    for block in re.findall(r"```console\n(.*?)```", page, re.DOTALL):
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


async def walk(page: str, folder: Path, *, seconds: int = 120) -> None:
    """Run a page's commands in one shell in this folder; asserts what each step prints, on either stream."""
    steps = steps_of(page)
    script = "\n".join(f"{commands}\necho '{END}'" for commands, _ in steps)
    # Under `make test` its variables would be those of every `make` below it.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    # A walk that waits for what never comes is ended, and told as far as it came.
    walked = await asyncio.to_thread(
        subprocess.run,
        ["timeout", str(seconds), "bash", "-c", script],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    printed = [part.strip("\n") for part in walked.stdout.split(END)]
    for (commands, expected), answer in zip(steps, printed, strict=False):
        told = f"$ {commands}\nexpected:\n{expected}\nprinted:\n{answer}"
        assert matches(expected, answer.rstrip()), told
    assert len(printed) == len(steps) + 1
