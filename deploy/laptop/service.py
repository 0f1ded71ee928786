"""One of our services as a process: `python -m <service> serve`, ready when it says so over HTTP."""

import hashlib
import http.client
import json
import sys
from collections.abc import Mapping
from pathlib import Path

from laptop.guard import Guard
from laptop.ports import HOST
from laptop.program import CannotStart, Program
from laptop.waiting import wait_until

SERVICES_FOLDER = Path(__file__).resolve().parents[2] / "services"
READY_SECONDS = 60.0
MIGRATE_SECONDS = 300.0


class Service:
    """A service that tells its readiness on `health_port`. Its log holds one JSON object per line."""

    def __init__(self, name: str, environment: Mapping[str, str], health_port: int, *, log: Path, guard: Guard) -> None:
        self.name = name
        self._environment = environment
        self._health_port = health_port
        self._guard = guard
        self.program = self._run("serve", name, log)

    def start(self) -> None:
        """Start it and return when it is ready. Raises CannotStart."""
        self.program.start()
        ready = wait_until(lambda: not self.program.is_running() or self._is_ready(), READY_SECONDS, every=0.1)
        if not self.program.is_running():
            raise CannotStart(self.name, why_it_ended(self.program), self.program.log)
        if not ready:
            self.program.kill()
            raise CannotStart(self.name, f"not ready within {READY_SECONDS:.0f} s", self.program.log)

    def migrate(self, owner_url: str = "") -> None:
        """Bring its schema and its topics to what the code needs. Raises CannotStart."""
        migration = self._run(
            "migrate", f"{self.name} migrate", self.program.log, {"RAPPIT_OWNER_DATABASE_URL": owner_url}
        )
        migration.start()
        if not wait_until(lambda: not migration.is_running(), MIGRATE_SECONDS):
            migration.kill()
            raise CannotStart(migration.name, f"not done within {MIGRATE_SECONDS:.0f} s", migration.log)
        if migration.exit_status != 0:
            raise CannotStart(migration.name, why_it_ended(migration), migration.log)

    def stop(self) -> None:
        """Let it finish what is in hand, then end it."""
        self.program.stop(grace=20)

    def _run(self, verb: str, name: str, log: Path, more: Mapping[str, str] | None = None) -> Program:
        command = [sys.executable, "-m", self.name, verb]
        environment = {**self._environment, **(more or {})}
        return Program(name, command, log=log, environment=environment, guard=self._guard)

    def _is_ready(self) -> bool:
        connection = http.client.HTTPConnection(HOST, self._health_port, timeout=2)
        try:
            connection.request("GET", "/health/ready")
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


def why_it_ended(program: Program) -> str:
    """The end of its log in few words: of a JSON line the event and the error, of a traceback its last line."""
    lines = [line.strip() for line in program.last_lines() if line.strip()]
    if not lines:
        return f"ended with {program.exit_status} and said nothing"
    try:
        line = json.loads(lines[-1])
        trace = str(line.get("exception", "")).strip().splitlines()
        said = [str(line.get("event", "")), str(line.get("error", "")), trace[-1] if trace else ""]
        return ": ".join(filter(None, said))
    except (ValueError, AttributeError):
        # Settings that are refused are listed below a heading, each on a line of its own.
        return "; ".join(lines[-3:]).replace(":;", ":") if len(lines) < 4 else lines[-1]


def digest_of_services() -> str:
    """A digest of all code of the services: the same as long as no line of it changes."""
    digest = hashlib.sha256()
    for file in sorted(SERVICES_FOLDER.rglob("*.py")):
        digest.update(f"{file.relative_to(SERVICES_FOLDER)}\0".encode() + file.read_bytes() + b"\0")
    return digest.hexdigest()
