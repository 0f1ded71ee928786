"""The guides, run from their text against a demo as `make run` makes it: the ways in by REST, as a person goes them."""

from pathlib import Path

import pytest

from tests.given.walk import steps_of, walk

pytestmark = pytest.mark.kafka

FILES = sorted((Path(__file__).parents[2] / "docs" / "guides").glob("*.md"))
GUIDES = {file.stem: page for file in FILES if steps_of(page := file.read_text())}


def test_there_are_guides() -> None:
    assert set(GUIDES) >= {"orders", "people", "stock", "stores"}


@pytest.mark.parametrize("page", GUIDES.values(), ids=GUIDES)
async def test_each_command_prints_what_the_guide_says(page: str, demo: Path) -> None:
    await walk(page, demo)
