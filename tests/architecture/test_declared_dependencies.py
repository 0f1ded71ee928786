"""An image has the chassis, one service and what its extra brings: nothing that the service loads is missing there."""

import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions

import grimp
from grimp import ImportGraph

from tests.architecture.sources import ROOT, packages

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def brought(extra: str | None) -> set[str]:
    """Distributions that installing a service's extra brings by name; those that they need in turn do not count."""
    extras = PROJECT["optional-dependencies"]
    waiting = [*PROJECT["dependencies"], *(extras[extra] if extra else ())]
    found = set()
    while waiting:
        requirement = waiting.pop()
        match = re.match(r"([A-Za-z0-9._-]+)(?:\[([^]]*)\])?", requirement)
        assert match, requirement
        name, own_extras = match.groups()
        if name == PROJECT["name"]:
            waiting += [entry for own in own_extras.split(",") for entry in extras[own.strip()]]
        else:
            found.add(normal(name))
    return found


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def loaded(graph: ImportGraph, service: str) -> Iterator[tuple[str, str]]:
    """Each (module, foreign module that it imports) that running any part of the service may load."""
    modules = {service, *graph.find_descendants(service)} | graph.find_upstream_modules(service, as_package=True)
    ours = {module for module in modules if module.split(".")[0] in packages()}
    # Importing a.b.c runs the __init__ of a and of a.b as well.
    ours |= {".".join(module.split(".")[:depth]) for module in ours for depth in range(1, module.count(".") + 1)}
    for module in sorted(ours):
        for name in sorted(graph.find_modules_directly_imported_by(module)):
            if name.split(".")[0] not in packages():
                yield module, name


def test_a_service_loads_only_what_its_extra_brings() -> None:
    graph = grimp.build_graph("laptop", *packages(), include_external_packages=True)
    contract = ["rappit-contract"]
    providers = {**packages_distributions(), "rappit": contract, "buf": contract}
    services = [package for package in packages() if package != "chassis"]
    found = [
        f"{module} imports {name}, which [{service}] does not bring"
        for service in services
        for module, name in loaded(graph, service)
        if name.split(".")[0] not in sys.stdlib_module_names
        and not {normal(provider) for provider in providers.get(name.split(".")[0], ())} & brought(service)
    ]

    assert found == []
    assert all(graph.find_children(service) for service in services)
