"""Which revision of its schema this code needs, read from file names: a service that starts need not load alembic."""

import importlib.util
from pathlib import Path

CHASSIS_VERSIONS = "chassis_version"
SERVICE_VERSIONS = "schema_version"
CHASSIS_FOLDER = Path(__file__).with_name("migrations")


def newest_chassis() -> str:
    """Revision that the chassis of this code needs."""
    return _newest(CHASSIS_FOLDER)


def newest_of(service: str) -> str:
    """Revision that this code of the service needs; empty when it has no migrations."""
    folder = folder_of(service)
    return _newest(folder) if folder else ""


def folder_of(service: str) -> Path | None:
    """Where the service's migrations are; None when it has none."""
    found = importlib.util.find_spec(service)
    if found is None or found.origin is None:
        return None
    folder = Path(found.origin).with_name("migrations")
    return folder if folder.is_dir() else None


def _newest(folder: Path) -> str:
    """Migrations are files NNNN_sentence.py, and NNNN is their revision."""
    return max((file.name.partition("_")[0] for file in folder.glob("[0-9]*_*.py")), default="")
