"""`make try-day`: the demo's world a hundred times as fast as people see it, for a day of its time."""

import argparse
import asyncio
import shutil
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Collection
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import psycopg

from laptop.day.judge import Day, checks, pace
from laptop.day.sample import Sample, read_sample
from laptop.demo.doors import DemoFailed, accepted, open_door
from laptop.demo.made import Demo
from laptop.demo.organizations import ORGANIZATIONS
from laptop.demo.prepare import prepare
from laptop.demo.receive_goods import receiving
from laptop.demo.shop import MOST_OPEN_ORDERS, shop_of
from laptop.follow import Events
from laptop.ports import NoFreePort
from laptop.program import CannotStart
from laptop.proof.acknowledged import MOST_UNDER_WAY, Acknowledged
from laptop.proof.figures import Proof
from laptop.proof.read_proof import Doors, ProofReader, Unreadable
from laptop.system import System

DAY_SECONDS = 86_400.0
_SAMPLE_SECONDS = 15.0
_QUIET_SECONDS = 120.0

Pause = Callable[[float], Awaitable[None]]


class Watch:
    """What the logs said: what stores were answered, how long each reservation took, and what nobody took."""

    def __init__(self) -> None:
        self.began = datetime.now(UTC)
        self.acknowledged = Acknowledged()
        self.decided: list[tuple[float, int]] = []
        self.given_up = 0

    async def follow(self, events: Events) -> None:
        """Until cancelled."""
        async for event in events:
            self.acknowledged.hear(event)
            if event.get("event") == "order reserved":
                second = (datetime.fromisoformat(str(event["time"])) - self.began).total_seconds()
                self.decided.append((second, int(event["milliseconds"])))
            self.given_up += event.get("event") == "delivery given up"


async def run(folder: Path, speed: float, seconds: float) -> bool:
    """The day, in an empty folder. Whether all of its checks hold."""
    system = await System.start(folder, say=print)
    watch = Watch()
    following = asyncio.create_task(watch.follow(system.events()))
    reader = ProofReader(Doors.of(system), watch.acknowledged)
    wait = partial(pass_time, following)
    try:
        demo = await prepare(folder, system.addresses.gateway, system.addresses.simulator, print, speed=speed)
        began, faults = time.monotonic(), frozenset[str]()
        watch.began = datetime.now(UTC)
        samples = [await read_sample(system, 0.0)]
        async with receiving(demo, lambda _: None):
            while time.monotonic() - began < seconds:
                await wait(_SAMPLE_SECONDS)
                samples.append(await read_sample(system, time.monotonic() - began))
                proof = await look(reader, watch.acknowledged)
                faults |= proof.faults
                print(f"{samples[-1]}\n       {proof}", flush=True)
            await _close_shops(demo)
            samples.append(await _when_quiet(system, samples[-1], wait))
        proof = await _when_decided(reader, watch.acknowledged, wait)
        print(f"{samples[-1]}\n       {proof}\n")
    finally:
        following.cancel()
        try:
            await reader.close()
        finally:
            await system.stop()
    stores = [store for organization in ORGANIZATIONS for store in organization.stores]
    day = Day(
        orders_per_second=sum(store.orders_per_minute for store in stores) * speed / 60,
        open_orders=MOST_OPEN_ORDERS * len(stores),
        samples=samples,
        decided=watch.decided,
        given_up=watch.given_up,
        proof_faults=faults | proof.faults,
        looked_for=proof.acknowledged,
        undecided=watch.acknowledged.undecided,
    )
    found = checks(day)
    print(f"{pace(day)}\ncheck")
    for holds, words in found:
        print(f"  {'holds' if holds else 'FAILS'}  {words}")
    return all(holds for holds, _ in found)


async def pass_time(following: asyncio.Task[None], seconds: float) -> None:
    """Time passes. The failure of who listens meanwhile is raised: without them nothing is ever missing."""
    ended, _ = await asyncio.wait([following], timeout=seconds)
    for task in ended:
        task.result()


async def look(reader: ProofReader, acknowledged: Acknowledged) -> Proof:
    """Looks as often as it takes to look once for each delivery that is under way: one look takes so many of them."""
    for _ in range(acknowledged.undecided // MOST_UNDER_WAY):
        await reader.read()
    return await reader.read()


async def _when_decided(reader: ProofReader, acknowledged: Acknowledged, wait: Pause) -> Proof:
    """Looks until of each delivery it is known whether it is there: what is under way may take its time."""
    deadline = time.monotonic() + _QUIET_SECONDS
    while True:
        proof = await look(reader, acknowledged)
        if not acknowledged.undecided or time.monotonic() > deadline:
            return proof
        await wait(1)


async def _close_shops(demo: Demo) -> None:
    """Nobody buys any more."""
    async with open_door(demo.simulator) as control:
        for organization, member in zip(ORGANIZATIONS, (demo.member, demo.other), strict=True):
            for store, door in zip(organization.stores, member.doors, strict=True):
                at_rest = shop_of(organization, store, door, demo.speed) | {"rate_per_minute": 0}
                await accepted("close a shop", partial(control.put, f"/shops/{store.shop}", json=at_rest))


async def _when_quiet(system: System, last: Sample, wait: Pause) -> Sample:
    """What is seen when nothing waits any more; what is seen after two minutes where something still does."""
    deadline = time.monotonic() + _QUIET_SECONDS
    while True:
        await wait(2)
        sample = await read_sample(system, last.seconds)
        if not sample.waiting or time.monotonic() > deadline:
            return sample


def main() -> int:
    """Read the choices and run."""
    choices = argparse.ArgumentParser(prog="make try-day", description=__doc__)
    choices.add_argument("--speed", type=float, default=100.0, help="how fast the stores live (%(default)g)")
    choices.add_argument("--seconds", type=float, help="of the clock (those of a day of the stores)")
    chosen = choices.parse_args()
    seconds = chosen.seconds or DAY_SECONDS / chosen.speed
    folder = Path(tempfile.mkdtemp(prefix="rappit-day-"))
    # Of a day that did not go well the logs stay; its data and its secrets never do.
    holds, kept = False, {"logs"}
    try:
        holds = asyncio.run(run(folder, chosen.speed, seconds))
        kept = set() if holds else kept
    # What is raised while goods are received comes in a group.
    except* (CannotStart, DemoFailed, NoFreePort, Unreadable, psycopg.Error) as refused:
        print(*refused.exceptions, sep="\n", file=sys.stderr)
    except* KeyboardInterrupt:
        kept = set()
    finally:
        tidy(folder, kept)
    return 0 if holds else 1


def tidy(folder: Path, kept: Collection[str]) -> None:
    """Remove the folder but for these entries, and say where they are."""
    for entry in folder.iterdir():
        if entry.name in kept:
            print(f"the {entry.name}: {entry}")
        elif entry.is_dir():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    if not any(folder.iterdir()):
        folder.rmdir()


if __name__ == "__main__":
    sys.exit(main())
