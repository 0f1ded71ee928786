"""Names say what a thing is for, and are nobody else's."""

import ast
import re
import sys
from importlib.metadata import packages_distributions

from tests.architecture.sources import IMPORT_NAMES, ROOT, packages, python_files, shown

SAYS_NOTHING = {"util", "utils", "helper", "helpers", "manager", "managers", "base", "common"}
OURS = {"rappit-contract", "rappit-services", "rappit-client"}
CHECKED = ("services", "deploy", "proto", "clients", "tests")


def words(name: str) -> set[str]:
    """The words of a name in snake_case or CamelCase."""
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)}


def test_nothing_is_called_util_helper_manager_base_or_common() -> None:
    files = python_files(*CHECKED)
    found = [shown(path) for path in files if words(shown(path.with_suffix(""))) & SAYS_NOTHING]
    found += [
        f"{shown(path)}: class {node.name}"
        for path in files
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef) and words(node.name) & SAYS_NOTHING
    ]

    assert found == []
    assert len(files) > 0


def test_no_module_has_the_name_of_a_standard_module() -> None:
    names = {part: path for path in python_files(*CHECKED) for part in path.relative_to(ROOT).with_suffix("").parts}
    found = [f"{shown(path)}: {name}" for name, path in names.items() if is_standard(name)]

    assert found == []


def test_our_import_names_are_nobody_elses() -> None:
    """In no standard library, in no locked package, and no package of ours is left out here."""
    installed = packages_distributions()
    found = [name for name in IMPORT_NAMES if is_standard(name) or set(installed.get(name, ())) - OURS]

    assert found == []
    assert set(packages()) <= set(IMPORT_NAMES)
    assert "grpc" in installed


def test_tests_are_no_package() -> None:
    """tests/orders/__init__.py would make a second package `orders`."""
    found = [shown(path) for path in python_files("tests") if path.name == "__init__.py"]

    assert found == []


def is_standard(name: str) -> bool:
    return name in sys.stdlib_module_names and not name.startswith("__")
