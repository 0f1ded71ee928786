"""What the architecture tests look at: the Python files of the repository, and what each imports."""

import ast
from collections.abc import Iterator
from pathlib import Path

from proto.map import Rpc, rpcs

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ROOT / "services"
CONTEXTS = ("identity", "orders", "inventory", "shipping")
IMPORT_NAMES = ("chassis", *CONTEXTS, "gateway", "simulator", "laptop", "rappit", "rappit_client")


def packages() -> list[str]:
    """The packages under services/ that there are."""
    return sorted(path.parent.name for path in SERVICES.glob("*/__init__.py"))


def rpcs_of_services() -> list[Rpc]:
    """The RPCs of those contexts whose service there is."""
    return [rpc for rpc in rpcs() if rpc.context in packages()]


def python_files(*folders: str) -> list[Path]:
    """Python files under folders of the repository, without what was generated or installed there."""
    files = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in files if not {"gen", "node_modules"} & set(path.relative_to(ROOT).parts)]


def shown(path: Path) -> str:
    """The path as a message names it."""
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> Iterator[str]:
    """Full names of the modules that a file imports, wherever in it, each name of `from a import b` as `a.b`."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
