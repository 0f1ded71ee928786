"""The same launch, with the process that keeps the stock killed in the middle of it."""

import os
import signal
import time
from functools import partial

from laptop.guard import Guard, Started
from laptop.tries.books import decided_so_far, reserved_units
from laptop.tries.check import Finding
from laptop.tries.launch import launch
from laptop.tries.running import Running
from laptop.tries.until import until
from rappit_client.inventory import Item

SERVICE = "inventory"


async def kill(running: Running, *, units: int, buyers: int) -> bool:
    """A launch during which inventory is killed and started again. Whether the launch's check holds."""
    return await launch(running, units=units, buyers=buyers, meanwhile=partial(kill_in_the_middle, buyers=buyers))


async def kill_in_the_middle(running: Running, item: Item, *, buyers: int) -> Finding:
    """End the process by SIGKILL as soon as some of the item's units are reserved; return when it runs again.

    Whether it was in the middle: orders that are decided are counted when it is gone, so that these were at least so
    many less before.
    """
    some = await until("the first unit", lambda: reserved_units(running.rappit, item.id), bool, every=0.02)
    killed = await until(f"a process of {SERVICE}", lambda: _processes(running), bool, every=0.02)
    began = time.monotonic()
    for process in killed:
        os.kill(process.pid, signal.SIGKILL)
        print(f"{SERVICE} killed (kill -9 {process.pid}) with {some:,} units reserved")
    undecided = buyers - len(await decided_so_far(running.rappit, item.sku))
    started = await until("a new process", lambda: _processes(running), lambda now: bool(set(now) - set(killed)))
    print(f"{SERVICE} started again (pid {started[-1].pid}) after {time.monotonic() - began:.1f} s")
    return undecided > 0, f"killed while {undecided:,} of {buyers:,} orders were undecided"


async def _processes(running: Running) -> list[Started]:
    """The service's process as the runner wrote it down; none while it is away."""
    return [each for each in Guard(running.folder / "started").running() if each.name == SERVICE]
