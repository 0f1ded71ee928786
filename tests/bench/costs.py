"""What work costs: CPU of all our processes, and bytes that the database wrote, from one moment to another."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg

from laptop.environment import SERVICES
from laptop.system import System

_TICKS = os.sysconf("SC_CLK_TCK")
# Not ours to pay for: it plays the stores.
OURS = tuple(name for name in (*SERVICES, "postgres", "kafka") if name != "simulator")


@dataclass(frozen=True)
class Spent:
    """CPU seconds by process, PostgreSQL's with all its sessions, and bytes of its log."""

    cpu: Mapping[str, float]
    wal_bytes: int

    def per(self, count: int) -> dict[str, str]:
        """In words, for one of so many."""
        whole = sum(self.cpu.values())
        most = ", ".join(
            f"{name} {seconds / count * 1000:.2f}"
            for name, seconds in sorted(self.cpu.items(), key=lambda each: -each[1])
            if seconds > whole / 50
        )
        return {
            "CPU ms": f"{whole / count * 1000:.2f} ({most})",
            "WAL bytes": f"{self.wal_bytes / count:,.0f}",
        }


def start_counting(system: System, processes: Sequence[str] = OURS) -> Callable[[], Spent]:
    """Begin now; what is returned says what was spent since, of these processes."""
    url = system.postgres.url()
    cpu, wal = {name: cpu_of(system.process(name).pid) for name in processes}, _written(url)

    def so_far() -> Spent:
        spent = {name: cpu_of(system.process(name).pid) - before for name, before in cpu.items()}
        return Spent(spent, _written(url) - wal)

    return so_far


def cpu_of(pid: int) -> float:
    """CPU seconds of a process, of its children, and of those that it has buried."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    own = sum(int(each) for each in fields[11:15]) / _TICKS
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return own + sum(_cpu_if_there(int(child)) for child in children)


def _cpu_if_there(pid: int) -> float:
    try:
        return cpu_of(pid)
    except (FileNotFoundError, ProcessLookupError):
        return 0.0  # ended since it was listed: its parent has its time


def _written(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint").fetchone()
    assert row is not None
    return int(row[0])
