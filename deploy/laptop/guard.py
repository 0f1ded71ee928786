"""Nothing is left running: a file of what was started, and a small process that ends it when its owner is gone.

The owner (the runner, or a test run) may be killed at any instant, also by SIGKILL. The guard waits for that and then
stops everything in the file, last started first. Process ids are reused, so each is written with its start time.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from laptop.waiting import wait_until

GRACE_SECONDS = 15.0


@dataclass(frozen=True)
class Started:
    """A process that was started: what it is called, how it is recognised and how it wants to be stopped."""

    name: str
    pid: int
    start_time: str
    stop_signal: int

    def is_running(self) -> bool:
        """Whether this very process still runs; one that ended and waits to be collected does not."""
        return start_time(self.pid) == self.start_time

    def ends_within(self, seconds: float) -> bool:
        """Wait for its end, for so long; whether it came."""
        return wait_until(lambda: not self.is_running(), seconds)


def start_time(pid: int) -> str | None:
    """When the process began, in the system's own terms; None when there is none, or only its exit status."""
    try:
        # The name stands in parentheses and may hold spaces; the state is the first field after it, the start the 20th.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None if Path("/proc/self/stat").exists() else _start_time_without_proc(pid)
    return None if fields[0] in "ZX" else fields[19]


def _start_time_without_proc(pid: int) -> str | None:
    answer = subprocess.run(["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    state, _, started = answer.stdout.strip().partition(" ")
    return None if not state or state.startswith("Z") else started.strip()


class Guard:
    """The processes of one owner, kept in `file`; one line each, so that several processes may add to it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.watcher: subprocess.Popen[bytes] | None = None

    def remember(self, name: str, pid: int, stop_signal: signal.Signals) -> None:
        """Write down a process that was just started."""
        begun = start_time(pid)
        if begun is None:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a") as file:
            file.write(json.dumps(asdict(Started(name, pid, begun, int(stop_signal)))) + "\n")

    def watch(self, owner: int, remove: Path | None = None) -> None:
        """Start the process that ends everything here when `owner` is gone, and then removes the folder."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        # The open file and not its name: the name may be the next owner's by the time that ours is gone.
        with self._file.open("a+") as file:
            command = [sys.executable, "-m", "laptop.guard", str(self._file), str(file.fileno())]
            command += [str(owner), str(start_time(owner)), *([str(remove)] if remove else [])]
            self.watcher = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, start_new_session=True, pass_fds=[file.fileno()]
            )

    def dismiss(self) -> None:
        """End the process that `watch` started."""
        if self.watcher is not None:
            self.watcher.terminate()
            self.watcher.wait()

    def running(self) -> list[Started]:
        """What was started and still runs, in the order in which it was started."""
        return _running(self._file.read_text()) if self._file.exists() else []

    def end_all(self, grace: float = GRACE_SECONDS) -> list[str]:
        """Stop what still runs, last started first, and forget it. Answers the names of what was stopped."""
        stopped = _end(self.running(), grace)
        self._file.unlink(missing_ok=True)
        return stopped


def _running(written: str) -> list[Started]:
    # A line that was cut by a kill names a process that the next lines cannot depend on.
    started = [Started(**json.loads(line)) for line in written.splitlines() if line.endswith("}")]
    return [process for process in started if process.is_running()]


def _end(processes: Sequence[Started], grace: float) -> list[str]:
    for process in reversed(processes):
        _send(process, process.stop_signal)
        if not process.ends_within(grace):
            _send(process, signal.SIGKILL)
    return [process.name for process in reversed(processes)]


def _send(process: Started, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(process.pid, number)
        # One that is paused hears nothing until it goes on.
        os.kill(process.pid, signal.SIGCONT)


def main() -> None:
    """`python -m laptop.guard FILE OPENED OWNER START [FOLDER]`: wait for the owner to be gone, then end all in it."""
    file, opened, owner, begun = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    while start_time(owner) == begun:
        time.sleep(0.25)
    with os.fdopen(opened, "a+") as started:
        started.seek(0)
        _end(_running(started.read()), GRACE_SECONDS)
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(file.stat(), os.fstat(started.fileno())):
                file.unlink()
    for folder in sys.argv[5:]:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
