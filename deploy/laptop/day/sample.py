"""What is seen of a system at one time, and how it is read."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from laptop.system import System

# orders, as superuser.
_ORDERS = "SELECT fulfillment_status, count(*) FROM orders GROUP BY fulfillment_status"
# inventory, as superuser.
_ON_HAND = "SELECT coalesce(sum(on_hand), 0)::bigint, coalesce(sum(reserved), 0)::bigint FROM levels"
# Any service, as superuser.
_WAITING = """
SELECT (SELECT count(*) FROM inbox WHERE state IN ('WAITING', 'RETRYING')),
    (SELECT count(*) FROM inbox WHERE state = 'PARKED'),
    (SELECT count(*) FROM outbox WHERE publish_time IS NULL)
"""
_LISTENERS = ("orders", "inventory")


@dataclass(frozen=True)
class Sample:
    """seconds: since the stores were opened. short, open: orders, open ones still hold or want stock. waiting: messages
    in inboxes and outboxes. parked: dead letters. simulator_bytes: the resident memory of that process.
    """

    seconds: float
    orders: int
    open: int
    short: int
    on_hand: int
    reserved: int
    waiting: int
    parked: int
    simulator_bytes: int

    def __str__(self) -> str:
        return (
            f"{self.seconds:4.0f} s  orders {self.orders:6,}  open {self.open:4}  SHORT {self.short:3}  "
            f"on hand {self.on_hand:6,}  reserved {self.reserved:4}  waiting {self.waiting:4}  parked {self.parked}  "
            f"simulator {self.simulator_bytes / 2**20:.0f} MiB"
        )


async def read_sample(system: System, seconds: float) -> Sample:
    """One look. Raises psycopg.Error."""
    by_status = dict(await _rows(system, "orders", _ORDERS))
    ((on_hand, reserved),) = await _rows(system, "inventory", _ON_HAND)
    counts = [row for service in _LISTENERS for row in await _rows(system, service, _WAITING)]
    return Sample(
        seconds=seconds,
        orders=sum(by_status.values()),
        open=sum(by_status.get(status, 0) for status in ("NEW", "RESERVED", "SHORT", "AWAITING_PAYMENT")),
        short=by_status.get("SHORT", 0),
        on_hand=on_hand,
        reserved=reserved,
        waiting=sum(inbox + outbox for inbox, _, outbox in counts),
        parked=sum(parked for _, parked, _ in counts),
        simulator_bytes=_resident_bytes(system.process("simulator").pid),
    )


async def _rows(system: System, database: str, statement: str) -> list[tuple[Any, ...]]:
    async with await psycopg.AsyncConnection.connect(system.postgres.url(database=database)) as connection:
        return await (await connection.execute(statement.encode())).fetchall()


def _resident_bytes(pid: int) -> int:
    """Of a process; proc(5), field VmRSS in kB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS"))
