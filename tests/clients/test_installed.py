"""What outsiders do: install the client beside nothing else, and run the README's first program where they are."""

import asyncio
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.clients.conftest import PASSWORD, Rappit
from tests.given.shop import open_shop
from tests.given.shopify_orders import item, placed

ROOT = Path(__file__).parents[2]
UV = Path(sys.executable).with_name("uv")
OURS = {"rappit_client", "rappit", "chassis", "orders", "inventory", "identity", "gateway", "laptop", "generate", "buf"}


def run(*command: object, folder: Path) -> str:
    done = subprocess.run(
        [str(word) for word in command], cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def build(source: Path, folder: Path) -> Path:
    """The wheel of a distribution, from its committed files and the locked build tools, without a network."""
    copy = folder / source.name
    shutil.copytree(source, copy, ignore=shutil.ignore_patterns("gen", ".gen-*", "__pycache__"))
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", copy / "dist", folder=copy)
    (wheel,) = (copy / "dist").iterdir()
    return wheel


def install(folder: Path) -> Path:
    """The Python of a fresh environment with the client; what the two need comes from where the lock came from."""
    wheels = [build(ROOT / "proto", folder), build(ROOT / "clients" / "python", folder)]
    run(UV, "venv", "--quiet", "--python", sys.executable, folder / "venv", folder=folder)
    python = folder / "venv" / "bin" / "python"
    locked = ("--constraint", ROOT / "requirements.lock")
    run(UV, "pip", "install", "--quiet", "--python", python, *locked, *wheels, folder=folder)
    return python


async def test_the_first_program_of_the_readme_runs_where_only_the_client_is(served: Rappit, tmp_path: Path) -> None:
    shop = await open_shop(served.installation.databases["orders"], organization=served.organization)
    await shop.deliver(placed("#1047", item("TEE-RED", 2)))
    readme = (ROOT / "clients" / "python" / "README.md").read_text()
    (program,) = re.findall(r"```python\n(import asyncio.*?)```", readme, re.DOTALL)
    given = {"http://localhost:8080": served.address, "sara@example.com": served.email}
    assert PASSWORD in program
    for written, real in given.items():
        assert written in program
        program = program.replace(written, real)
    (tmp_path / "program.py").write_text(program)

    python = await asyncio.to_thread(install, tmp_path)
    first = await asyncio.to_thread(run, python, "-I", "program.py", folder=tmp_path)
    again = await asyncio.to_thread(run, python, "-I", "program.py", folder=tmp_path)

    assert first.splitlines()[0] == "12 mugs can be promised"
    assert re.fullmatch(r"#1047 \d+ SAR", first.splitlines()[1])
    assert again.splitlines()[0] == "24 mugs can be promised"
    found = f"from importlib.util import find_spec; print(*(name for name in {sorted(OURS)} if find_spec(name)))"
    assert run(python, "-I", "-c", found, folder=tmp_path).split() == ["buf", "rappit", "rappit_client"]
    typed = "from importlib.resources import files; print(*(files(n).joinpath('py.typed').is_file() for n in {}))"
    assert run(python, "-I", "-c", typed.format(("rappit", "rappit_client")), folder=tmp_path).split() == ["True"] * 2
