"""A file's name says what it may touch: the database, the wire, or neither."""

from pathlib import Path

from tests.architecture.sources import SERVICES, imports, packages, python_files, shown

DATABASE = {"alembic", "psycopg", "psycopg_pool", "sqlalchemy"}
DATABASE_FILES = {"sql.py", "tables.py"}
WIRE_FILES = {"rpc.py", "events.py", "messages.py", "app.py"}
CHASSIS_WIRE = ("rappit.types.", "rappit.options.")


def may_import(path: Path, module: str) -> bool:
    """Whether a file under services/ may import a module."""
    package, *folders = path.relative_to(SERVICES).parts[:-1]
    root = module.partition(".")[0]
    if root in DATABASE:
        in_chassis = package == "chassis" and folders[:1] in (["database"], ["messaging"])
        return path.name in DATABASE_FILES or "migrations" in folders or in_chassis
    if root == "rappit":
        if package == "chassis":
            return f"{module}.".startswith(CHASSIS_WIRE)
        return package in {"gateway", "simulator"} or path.name in WIRE_FILES or path.match("on_*.py")
    return True


def test_only_files_named_for_it_import_the_database_or_the_wire() -> None:
    files = python_files("services")
    found = [f"{shown(path)} imports {name}" for path in files for name in imports(path) if not may_import(path, name)]

    assert found == []
    assert len(files) >= len(packages())


def test_clients_import_no_service() -> None:
    own = {"laptop", "tests", *packages()}
    files = python_files("clients")
    found = [f"{shown(path)} imports {name}" for path in files for name in imports(path) if name.split(".")[0] in own]

    assert found == []
