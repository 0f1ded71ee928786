"""The same launch, with the process that keeps the stock killed in the middle of it."""

import os
import signal
import time

from laptop.guard import Guard, Started
from laptop.tries.books import reserved_units
from laptop.tries.launch import launch
from laptop.tries.running import Running
from laptop.tries.until import until
from rappit_client.inventory import Item

SERVICE = "inventory"


async def kill(running: Running, *, units: int, buyers: int) -> bool:
    """A launch during which inventory is killed and started again. Whether the launch's check holds."""
    return await launch(running, units=units, buyers=buyers, meanwhile=kill_in_the_middle)


async def kill_in_the_middle(running: Running, item: Item) -> None:
    """End the process by SIGKILL as soon as some of the item's units are reserved; return when it runs again."""
    some = await until("the first unit", lambda: reserved_units(running.rappit, item.id), bool, every=0.02)
    killed = await _processes(running)
    began = time.monotonic()
    for process in killed:
        os.kill(process.pid, signal.SIGKILL)
        print(f"{SERVICE} killed (kill -9 {process.pid}) with {some:,} units reserved")
    started = await until("a new process", lambda: _processes(running), lambda now: bool(set(now) - set(killed)))
    print(f"{SERVICE} started again by `make run` (pid {started[-1].pid}) after {time.monotonic() - began:.1f} s")


async def _processes(running: Running) -> list[Started]:
    """The service's process as the runner wrote it down; none while it is away."""
    return [each for each in Guard(running.folder / "started").running() if each.name == SERVICE]
