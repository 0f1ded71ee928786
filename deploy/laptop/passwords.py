"""The passwords of one installation's databases: drawn once, kept in a file that only its owner may read."""

import json
import secrets
from dataclasses import asdict
from pathlib import Path

from laptop.databases import Passwords

SUPERUSER = "superuser"


class PasswordFile:
    """Passwords by name in `file`; one that is asked for the first time is drawn."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._kept: dict[str, str | dict[str, str]] = json.loads(file.read_text()) if file.exists() else {}

    def of_superuser(self) -> str:
        """The server's own."""
        if SUPERUSER not in self._kept:
            self._kept[SUPERUSER] = _draw()
            self._save()
        return str(self._kept[SUPERUSER])

    def of_service(self, service: str) -> Passwords:
        """Those of a service's three roles."""
        kept = self._kept.get(service)
        if not isinstance(kept, dict):
            kept = asdict(Passwords(owner=_draw(), service=_draw(), finder=_draw()))
            self._kept[service] = kept
            self._save()
        return Passwords(**kept)

    def _save(self) -> None:
        """Whole or not at all."""
        self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = self._file.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(self._kept, indent=2) + "\n")
        fresh.replace(self._file)


def _draw() -> str:
    return secrets.token_urlsafe(24)
