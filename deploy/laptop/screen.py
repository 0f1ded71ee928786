"""What `make run` shows: one live screen on a terminal, one plain line per event anywhere else."""

import sys
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from types import TracebackType
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

SHOWN_EVENTS = 14

Rows = Sequence[tuple[str, str]]


class Screen:
    """Addresses and sign-in on top, the state of each process, and the last events in words.

    `facts` are (name, value) rows that stay; `states` is asked anew at each refresh for (process, state) rows.
    """

    def __init__(self, facts: Rows, states: Callable[[], Rows], console: Console | None = None) -> None:
        self._facts = facts
        self._states = states
        self._console = console or Console(file=sys.stdout)
        self._events: deque[str] = deque(maxlen=SHOWN_EVENTS)
        self._live = Live(self, console=self._console, refresh_per_second=4) if self._console.is_terminal else None

    def tell(self, words: str, time: datetime) -> None:
        """Show one event, at the local time of day."""
        line = f"{time.astimezone():%H:%M:%S} {words}"
        if self._live is None:
            self._print(line)
        else:
            self._events.append(line)

    def __rich__(self) -> RenderableType:
        """The whole screen as it is now."""
        processes = Text("  ").join(
            Text(f"{name} {state}", style="green" if state == "running" else "bold red")
            for name, state in self._states()
        )
        events = Text("\n".join(self._events) or "waiting for the first order")
        return Group(
            _table(self._facts),
            Panel(processes, title="processes", title_align="left"),
            Panel(events, title="events", title_align="left"),
            Text("Ctrl-C stops all of it", style="dim"),
        )

    def __enter__(self) -> Self:
        if self._live is not None:
            self._live.__enter__()
        else:
            for name, value in self._facts:
                self._print(f"{name}: {value}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.__exit__(kind, error, trace)

    def _print(self, line: str) -> None:
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)


def _table(rows: Rows) -> RenderableType:
    table = Table.grid(padding=(0, 2))
    for name, value in rows:
        table.add_row(Text(name, style="bold"), Text(value))
    return Panel(table, title="RAPPIT", title_align="left")
