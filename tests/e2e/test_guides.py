"""The guides, run from their text against a demo as `make run` makes it: the ways in by REST, as a person goes them."""

from pathlib import Path

import pytest

from tests.given.walk import steps_of, walk

pytestmark = pytest.mark.kafka

PAGES = sorted((Path(__file__).parents[2] / "docs" / "guides").glob("*.md"))
GUIDES = [page for page in PAGES if steps_of(page.read_text())]


def test_there_are_guides() -> None:
    assert {guide.stem for guide in GUIDES} >= {"orders", "people", "stock", "stores"}


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
async def test_each_command_prints_what_the_guide_says(guide: Path, demo: Path) -> None:
    await walk(guide.read_text(), demo)
