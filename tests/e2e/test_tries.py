"""What operators can try besides the README's walk, on the running demo."""

from pathlib import Path

import pytest

from laptop.tries.duplicate import duplicate
from laptop.tries.forged import forged
from laptop.tries.running import running
from laptop.tries.why import why

pytestmark = pytest.mark.kafka


async def test_the_same_delivery_many_times_is_one_order(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Trap 11."""
    async with running(demo) as world:
        assert await duplicate(world), capsys.readouterr().out


async def test_no_forgery_leaves_anything(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Trap 10."""
    async with running(demo) as world:
        assert await forged(world), capsys.readouterr().out


async def test_an_unknown_sku_is_said_with_those_that_are_alike(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with running(demo) as world:
        assert not await why(world, "mug-wolk", steps=20)
    said = capsys.readouterr().out
    assert "RAPPIT has no item with the SKU mug-wolk" in said
    assert "did you mean MUG-WALK" in said
