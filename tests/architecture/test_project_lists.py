"""pyproject.toml names every service where it must: what is left out there would be checked by nothing."""

import tomllib

from tests.architecture.sources import IMPORT_NAMES, ROOT, packages

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def test_every_package_is_built() -> None:
    built = PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]

    assert {f"services/{package}" for package in packages()} <= set(built)


def test_every_service_has_an_extra_of_its_name() -> None:
    assert set(packages()) - {"chassis"} <= set(PYPROJECT["project"]["optional-dependencies"])


def test_import_rules_know_every_package() -> None:
    """Add a new package to [tool.importlinter]: root_packages, and the contract that keeps services apart."""
    linter = PYPROJECT["tool"]["importlinter"]
    contracts = {contract["id"]: contract for contract in linter["contracts"]}
    services = set(packages()) - {"chassis"}

    assert set(linter["root_packages"]) == {"laptop", *packages()}
    assert len(services) < 2 or services <= set(contracts["services-apart"]["modules"])
    assert "chassis" not in packages() or services <= set(contracts["chassis-below"]["forbidden_modules"])


def test_the_style_check_knows_our_names() -> None:
    assert set(IMPORT_NAMES) <= set(PYPROJECT["tool"]["ruff"]["lint"]["isort"]["known-first-party"])
