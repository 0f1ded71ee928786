"""A refusal is a class: each reason of the contract has one in errors.py of its service, and no class has none."""

import importlib
import inspect

from chassis.errors import Refusal, RemoteRefusal
from proto.map import contract
from tests.architecture.sources import packages


def reasons() -> dict[str, set[str]]:
    """Package -> the names that its refusals must have. Reasons that every service can give are the chassis's."""
    found = {}
    for file in contract():
        if file.name.endswith("/error_reason.proto"):
            (enum,) = file.enum_type
            prefix = enum.value[0].name.removesuffix("UNSPECIFIED")
            context = file.package.split(".")[1]
            names = {value.name.removeprefix(prefix) for value in enum.value[1:]}
            found["chassis" if context == "types" else context] = {camel_case(name) for name in names}
    return found


def camel_case(reason: str) -> str:
    return "".join(word.capitalize() for word in reason.split("_"))


def refusals(package: str) -> set[str]:
    """Refusals defined in the package's errors.py, except those that others there derive from."""
    module = importlib.import_module(f"{package}.errors")
    classes = [value for _, value in inspect.getmembers(module, inspect.isclass) if value.__module__ == module.__name__]
    errors = [value for value in classes if issubclass(value, Refusal)]
    # What a peer refused has the peer's reason, and none of its own.
    leaves = [value for value in errors if not any(value in other.__bases__ for other in errors)]
    return {value.__name__ for value in leaves if value is not RemoteRefusal}


def test_every_reason_has_its_class_and_every_class_its_reason() -> None:
    wanted = {package: names for package, names in reasons().items() if package in packages()}
    given = {package: refusals(package) for package in wanted}
    missing = [f"{package}.errors lacks {name}" for package in wanted for name in wanted[package] - given[package]]
    unknown = [
        f"{package}.errors: {name} is no reason" for package in wanted for name in given[package] - wanted[package]
    ]

    assert missing + unknown == []
    assert set(wanted) == set(packages()) - {"gateway", "simulator"}
