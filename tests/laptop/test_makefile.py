"""What `make` does besides running programs."""

import fcntl
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def make_clean(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["make", "clean"], cwd=folder, capture_output=True, text=True, check=False)


def test_clean_removes_what_was_made_but_nothing_under_a_system_that_runs(tmp_path: Path) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    made = [".rappit/postgres", ".venv/bin", "proto/gen", "services/orders/__pycache__", ".mypy_cache"]
    for folder in (*made, "proto/rappit", "deploy", "clients", "tests"):
        (tmp_path / folder).mkdir(parents=True)
    with (tmp_path / ".rappit" / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        refused = make_clean(tmp_path)
        assert refused.returncode != 0
        assert "RAPPIT runs here" in refused.stdout
        assert all((tmp_path / folder).exists() for folder in made)
    assert make_clean(tmp_path).returncode == 0
    assert [folder for folder in made if (tmp_path / folder).exists()] == []
    assert (tmp_path / "proto" / "rappit").exists()
