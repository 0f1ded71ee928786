"""What `make run` shows: one live screen on a terminal, one plain line per event anywhere else."""

import contextlib
import sys
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from types import TracebackType
from typing import Self

from rich.console import Console, ConsoleOptions, Group, RenderResult
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from laptop.processes import RUNNING
from laptop.proof.figures import NotReadable, Proof
from laptop.proof.proof_lines import ProofLines

KEPT_EVENTS = 200
WELL, ILL = "green", "bold red"
_BETWEEN = " · "

Rows = Sequence[tuple[str, str]]


class Screen:
    """Addresses and sign-in on top, the state of each process, the proof, and as many of the last events as fit.

    `facts` are (name, value) rows that stay; `states` is asked anew at each refresh for (process, state) rows. A live
    screen has a page of its own: the terminal is afterwards as it was.
    """

    def __init__(self, facts: Rows, states: Callable[[], Rows], console: Console | None = None) -> None:
        self._facts = facts
        self._states = states
        self._console = console or Console(file=sys.stdout)
        self._events: deque[str] = deque(maxlen=KEPT_EVENTS)
        self._proof: tuple[Proof | NotReadable, datetime] | None = None
        self._proof_lines = ProofLines()
        self._live = Live(self, console=self._console, refresh_per_second=4, screen=True, vertical_overflow="crop")

    def tell(self, words: str, time: datetime) -> None:
        """Show one event, at the local time of day."""
        line = f"{_time_of_day(time)} {words}"
        if self._console.is_terminal:
            self._events.append(line)
        else:
            self._print(line)

    def prove(self, seen: Proof | NotReadable, time: datetime) -> None:
        """Show what the databases said at this time."""
        self._proof = seen, time
        if not self._console.is_terminal and (line := self._proof_lines.line(seen, time)):
            self._print(f"{_time_of_day(time)} {line}")

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The whole screen as it is now; never more than fits."""
        above = Group(_facts(self._facts), self._state(options.max_width - 4))
        taken = len(console.render_lines(above, options.update(height=None), pad=False))
        room = max(1, console.size.height - taken - 3)
        lines = list(self._events)[-room:] or ["waiting for the first order"]
        # What is too long for its line ends with an ellipsis: the logs have it whole.
        events = Text("\n".join(lines), no_wrap=True, overflow="ellipsis")
        yield above
        yield Panel(events, title="events", title_align="left")
        yield Text("Ctrl-C stops all of it", style="dim", end="")

    def _state(self, width: int) -> Panel:
        """The processes, and below them what the databases said, and when."""
        title, processes = _processes(self._states())
        subtitle, proof = _proof(*self._proof, width) if self._proof else ("proof: not read yet", [])
        rows = Group(*processes, *proof)
        return Panel(rows, title=title, title_align="left", subtitle=subtitle, subtitle_align="left")

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._live.__enter__()
        else:
            for name, value in self._facts:
                self._print(f"{name}: {value}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # A terminal that was closed takes nothing any more.
        with contextlib.suppress(OSError):
            self._live.__exit__(kind, error, trace)

    def _print(self, line: str) -> None:
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)


def _facts(rows: Rows) -> Panel:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in rows:
        table.add_row(Text(name, style="bold"), Text(value))
    return Panel(table, title="RAPPIT", title_align="left")


def _processes(states: Rows) -> tuple[str, list[Text]]:
    """How many run; all that do in one line, each that does not in a line of its own, with its state in words."""
    well = [name for name, state in states if state == RUNNING]
    ill = [Text(f"○ {name} {state}", style=ILL) for name, state in states if state != RUNNING]
    running = [Text(" ").join(Text(f"● {name}", style=WELL) for name in well)] if well else []
    title = f"processes: {len(well)} of {len(states)} running" if ill else f"processes: all {len(states)} running"
    return title, [*running, *ill]


def _proof(seen: Proof | NotReadable, time: datetime, width: int) -> tuple[str | Text, list[Text]]:
    """When it was read; as many figures in a line as there is room for, or why there are none."""
    if isinstance(seen, NotReadable):
        return Text("proof: not read", style=ILL), [Text(str(seen), style=ILL)]
    lines = [Text()]
    for figure in seen.figures:
        text = Text(str(figure), style=ILL if figure.faults else WELL)
        if len(lines[-1]) + len(_BETWEEN) + len(text) > width:
            lines.append(Text())
        lines[-1] = Text.assemble(lines[-1], _BETWEEN if lines[-1] else "", text)
    read = f"read from the databases at {_time_of_day(time)}"
    return Text(f"proof FAILS: {read}", style=ILL) if seen.faults else f"proof: {read}", lines


def _time_of_day(time: datetime) -> str:
    return f"{time.astimezone():%H:%M:%S}"
