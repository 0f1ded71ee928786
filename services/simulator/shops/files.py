"""Files that are whole or not there, whenever the process is killed."""

import os
from pathlib import Path


def make_folder(folder: Path) -> Path:
    """A folder that only we may look into: shops keep secrets."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def write(path: Path, content: str) -> None:
    """Replace the file's content at once. Survives a kill of the process, not a power cut."""
    fresh = path.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(content)
    fresh.replace(path)
