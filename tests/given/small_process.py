"""A process of a few parts that tell what happens to them: `python -m tests.given.small_process WHAT_GOES_WRONG`.

nothing | part-fails | part-returns | part-hangs | start-waits | start-fails | close-fails | database-away
"""

import asyncio
import sys

from chassis import process
from chassis.process import Service, run
from chassis.settings import ProcessSettings, load


def say(what: str) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


class Loop:
    """A part."""

    def __init__(self, name: str, wrong: str) -> None:
        self.name = name
        self.wrong = wrong
        self.told = asyncio.Event()

    async def run(self) -> None:
        say(f"{self.name} runs")
        if self.wrong == "part-fails":
            raise ValueError("row 17 is broken")
        if self.wrong == "part-returns":
            return
        await self.told.wait()
        say(f"{self.name} finishes")

    async def stop(self) -> None:
        if self.wrong != "part-hangs":
            self.told.set()


class Pool:
    """Something that is closed."""

    def __init__(self, name: str, wrong: str) -> None:
        self.name = name
        self.wrong = wrong

    async def close(self) -> None:
        say(f"{self.name} closes")
        if self.wrong == "close-fails":
            raise OSError("gone")


class Server:
    """What answers."""

    async def start(self) -> int:
        say("server starts")
        return 1

    async def stop(self, grace: float) -> None:
        say("server stops")

    def set_ready(self, ready: bool) -> None:
        say("server is ready" if ready else "server is not ready")


async def serve() -> None:
    wrong = sys.argv[1]
    process.SECONDS_TO_STOP = 0.3
    async with Service("small", load(ProcessSettings)) as service:
        service.owns("pool", Pool("pool", wrong))
        service.runs("relay", Loop("relay", "nothing"))
        service.runs("consumer", Loop("consumer", wrong))
        if wrong == "start-waits":
            say("waiting")
            await asyncio.Event().wait()
        if wrong == "start-fails":
            raise ValueError("topics are missing")
        asked = 0

        async def answers() -> None:
            nonlocal asked
            asked += 1
            if wrong == "database-away" and asked in {2, 3}:
                raise OSError("the database is away")

        service.ready_when(answers)
        say(f"metrics on {service.metrics_port}")
        await service.serve(Server())


if __name__ == "__main__":
    run("small", serve)
