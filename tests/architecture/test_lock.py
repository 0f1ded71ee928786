"""What is installed is what was locked, from whatever index the machine has."""

import re
import tomllib

from tests.architecture.sources import ROOT

LOCK = (ROOT / "requirements.lock").read_text()
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
OURS = {"rappit-contract", "rappit-services"}


def test_the_lock_names_no_place() -> None:
    """No index, address or folder: the lock serves any machine."""
    lines = [line for line in LOCK.splitlines() if not re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line)]

    assert [line for line in lines if not re.fullmatch(r"[a-z0-9-]+==[^/@:]+ \\", line)] == []
    assert len(lines) > 0


def test_everything_declared_is_locked() -> None:
    """Run `make lock` after a dependency was added to pyproject.toml."""
    project = PYPROJECT["project"]
    requirements = [
        *project["dependencies"],
        *(entry for extra in project["optional-dependencies"].values() for entry in extra),
        *PYPROJECT["dependency-groups"]["dev"],
        *tomllib.loads((ROOT / "proto/pyproject.toml").read_text())["build-system"]["requires"],
    ]
    declared = {re.split(r"[^A-Za-z0-9._-]", requirement)[0] for requirement in requirements}
    locked = set(re.findall(r"^([a-z0-9-]+)==", LOCK, re.MULTILINE))

    assert declared - locked == OURS
