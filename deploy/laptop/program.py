"""One operating-system process with a log file: started, stopped, killed, paused and resumed."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from laptop.guard import Guard


class CannotStart(Exception):
    """A part did not start. Says which part, why, and where its log is."""

    def __init__(self, part: str, reason: str, log: Path) -> None:
        super().__init__(f"{part} did not start: {reason}\n  its log: {log}")
        self.part = part
        self.reason = reason
        self.log = log


class Program:
    """A command in a session of its own (Ctrl-C in the terminal does not reach it), writing to `log`.

    `environment` is all that it sees; None means ours. `guard` ends it should we be killed.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        log: Path,
        environment: Mapping[str, str] | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
        guard: Guard | None = None,
    ) -> None:
        self.name = name
        self.log = log
        self._command = list(command)
        self._environment = environment
        self._stop_signal = stop_signal
        self._guard = guard
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and return before it is ready. What it prints is added to its log."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self._environment,
                start_new_session=True,
            )
        if self._guard is not None:
            self._guard.remember(self.name, self._process.pid, self._stop_signal)

    @property
    def pid(self) -> int:
        """Its process id; only after `start`."""
        if self._process is None:
            raise ProcessLookupError(f"{self.name} was not started")
        return self._process.pid

    def is_running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    @property
    def exit_status(self) -> int | None:
        """What it ended with: a signal as its negative number; None while it runs or was never started."""
        return None if self._process is None else self._process.poll()

    def ask_to_stop(self) -> None:
        """Send it its stop signal and return at once."""
        self._send(self._stop_signal)
        self._send(signal.SIGCONT)

    def stop(self, grace: float = 20.0) -> bool:
        """Ask it to stop and wait; after `grace` seconds kill it. False when it had to be killed."""
        if self._process is None:
            return True
        self.ask_to_stop()
        try:
            self._process.wait(grace)
        except subprocess.TimeoutExpired:
            self.kill()
            return False
        return True

    def kill(self) -> None:
        """SIGKILL, as a crash would be, and wait until it is gone."""
        self._send(signal.SIGKILL)
        if self._process is not None:
            self._process.wait()

    def pause(self) -> None:
        """SIGSTOP: it holds its connections and does nothing."""
        self._send(signal.SIGSTOP)

    def resume(self) -> None:
        """SIGCONT after `pause`."""
        self._send(signal.SIGCONT)

    def last_lines(self, count: int = 12) -> list[str]:
        """The end of its log."""
        if not self.log.exists():
            return []
        with self.log.open("rb") as log:
            log.seek(max(0, log.seek(0, os.SEEK_END) - 16_384))
            return log.read().decode(errors="replace").splitlines()[-count:]

    def _send(self, number: signal.Signals) -> None:
        if self.is_running():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)
