"""The passwords of one installation's databases: drawn once, kept in a file that only its owner may read."""

import secrets
from dataclasses import asdict
from pathlib import Path

from laptop.databases import Passwords
from laptop.kept import keep, read_kept

SUPERUSER = "superuser"


class PasswordFile:
    """Passwords by name in `file`; one that is asked for the first time is drawn."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._kept: dict[str, str | dict[str, str]] = read_kept(file)

    def of_superuser(self) -> str:
        """The server's own."""
        if SUPERUSER not in self._kept:
            self._kept[SUPERUSER] = _draw()
            keep(self._file, self._kept)
        return str(self._kept[SUPERUSER])

    def of_service(self, service: str) -> Passwords:
        """Those of a service's three roles."""
        kept = self._kept.get(service)
        if not isinstance(kept, dict):
            kept = asdict(Passwords(owner=_draw(), service=_draw(), finder=_draw()))
            self._kept[service] = kept
            keep(self._file, self._kept)
        return Passwords(**kept)


def _draw() -> str:
    return secrets.token_urlsafe(24)
