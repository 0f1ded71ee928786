"""What a run keeps for the next one: small JSON files, whole or not there whenever we are killed."""

import json
import os
from pathlib import Path
from typing import Any


class Spoilt(Exception):
    """A file that we kept is no longer what we wrote."""


def read_kept(file: Path) -> dict[str, Any]:
    """What was kept; empty where nothing was. Raises Spoilt."""
    try:
        found: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {}
    except ValueError as error:
        raise Spoilt(f"{file} is spoilt: {error}") from None
    return found


def keep(file: Path, content: dict[str, Any]) -> None:
    """Replace the file's content at once. Only its owner may read it: there are secrets among these."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = file.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as lines:
        lines.write(json.dumps(content, sort_keys=True) + "\n")
    fresh.replace(file)
