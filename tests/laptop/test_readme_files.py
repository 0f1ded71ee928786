"""What the README names is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def followed() -> list[Path]:
    """The files through which one order is followed: of each step the first with its folder, others beside it."""
    steps = re.findall(r"^\d+\. (`.+)$", README, re.MULTILINE)
    named = [re.findall(r"`([\w/]+\.py)`", step) for step in steps]
    return [ROOT / Path(first).parent / Path(name).name for first, *rest in named for name in (first, *rest)]


def test_each_file_through_which_one_order_is_followed_is_there() -> None:
    files = followed()
    assert len(files) == 12
    assert [file for file in files if not file.is_file()] == []


def test_each_folder_of_the_table_is_there_and_each_service_is_in_it() -> None:
    folders = re.findall(r"^\| `([\w/]+)/` \|", README, re.MULTILINE)
    assert [folder for folder in folders if not (ROOT / folder).is_dir()] == []
    services = {f"services/{path.parent.name}" for path in ROOT.glob("services/*/__init__.py")}
    assert services - set(folders) == set()


def test_each_target_that_is_named_can_be_made() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z-]+)", README.replace("make both", ""))) <= targets
