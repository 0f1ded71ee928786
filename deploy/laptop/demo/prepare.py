"""Makes what is missing of the demo. What does not depend on each other is done side by side."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from laptop.demo.doors import side_by_side
from laptop.demo.made import Demo, Member, write_environment
from laptop.demo.making import Making
from laptop.demo.organizations import BAZAAR, SOUQ, Organization
from laptop.demo.story import Story


async def prepare(
    folder: Path, gateway: str, simulator: str, say: Callable[[str], None], *, speed: float = 1.0
) -> Demo:
    """Make what is missing of the demo, set the simulated stores to work, and write `demo.env` for the shell.

    speed: how many times as fast as people see the stores live. Raises DemoFailed.
    """

    async def make(organization: Organization) -> Member:
        story = Story(folder / organization.story, gateway)
        try:
            return await Making(story, organization, gateway, simulator, say, speed).make()
        finally:
            await story.close()

    member, other = await side_by_side([partial(make, SOUQ), partial(make, BAZAAR)])
    demo = Demo(gateway, simulator, speed, member, other)
    write_environment(folder, demo)
    return demo
