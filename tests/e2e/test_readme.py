"""The README's walk, run from its text against a demo as `make run` makes it."""

from pathlib import Path

import pytest

from tests.given.walk import steps_of, walk

pytestmark = pytest.mark.kafka

README = Path(__file__).parents[2] / "README.md"


async def test_the_walk_prints_what_the_readme_says(demo: Path) -> None:
    page = README.read_text()
    assert len(steps_of(page)) > 8
    # Some twenty seconds, half of them for Kafka to notice that a consumer was killed; a busy machine takes longer.
    await walk(page, demo, seconds=150)
