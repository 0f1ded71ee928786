"""The screen at the sizes that terminals have, and the plain lines of everything else."""

import io
from datetime import UTC, datetime

import pytest
from rich.console import Console
from rich.text import Text

from laptop.processes import RUNNING
from laptop.proof.figures import NotReadable, Proof
from laptop.screen import Screen

FACTS = [
    ("gateway", "http://127.0.0.1:8080"),
    ("webhooks", "http://127.0.0.1:8080/webhooks/shopify/01a207d2-0c7d-70a9-a14d-86f5dfc6df5e"),
    ("logs", "/home/sara/rappit/.rappit/logs"),
]
NAMES = ("postgres", "kafka", "identity", "orders", "inventory", "gateway", "simulator")
SIZES = [(80, 24), (120, 40), (200, 50), (60, 20)]
WELL = Proof(0, 1_471, 80, 0, 103_912, 0, 1_204, 0)
TIME = datetime(2026, 11, 2, 11, 0, 7, tzinfo=UTC)


def shown(
    width: int,
    height: int,
    events: int,
    states: list[tuple[str, str]] | None = None,
    proof: Proof | NotReadable | None = WELL,
) -> list[str]:
    console = Console(width=width, height=height, force_terminal=True, file=io.StringIO())
    screen = Screen(FACTS, lambda: states or [(name, RUNNING) for name in NAMES], console)
    for number in range(events):
        screen.tell(f"order {number} " + "reserved " * 30, datetime.now(UTC))
    if proof:
        screen.prove(proof, TIME)
    with console.capture() as capture:
        console.print(screen, end="")
    return Text.from_ansi(capture.get()).plain.split("\n")


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("events", [0, 300])
def test_it_fits_the_terminal_and_fills_it_with_the_last_events(width: int, height: int, events: int) -> None:
    lines = shown(width, height, events)
    assert len(lines) <= height
    assert max(map(len, lines)) <= width
    assert lines[-1].startswith("Ctrl-C")
    if events:
        assert len(lines) == height
        assert "order 299" in lines[-3]
        assert lines[-3].endswith("… │")


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_no_address_is_cut(width: int, height: int) -> None:
    text = "".join(line.strip("│ ") for line in shown(width, height, 300))
    assert all(value in text for _, value in FACTS)


@pytest.mark.parametrize(
    ("width", "height", "rows"), [(*size, rows) for size, rows in zip(SIZES, (2, 2, 1, 4), strict=True)]
)
def test_the_proof_is_there_whole_with_the_time_at_which_it_was_read(width: int, height: int, rows: int) -> None:
    lines = shown(width, height, 300)
    named = [{figure.name for figure in WELL.figures if str(figure) in line} for line in lines]
    assert len([names for names in named if names]) == rows
    assert sum(map(len, named)) == 4
    assert any(f"proof: read from the databases at {TIME.astimezone():%H:%M:%S}" in line for line in lines)


def test_a_proof_that_fails_or_is_not_there_says_so_and_shows_no_figure_of_before() -> None:
    assert "proof FAILS: read" in "\n".join(shown(80, 24, 0, proof=Proof(2, 9, 80, 0, 9, 0, 9, 0)))
    away = "\n".join(shown(80, 24, 0, proof=NotReadable("connection refused")))
    assert "not readable now: connection refused" in away
    assert "reserved twice" not in away
    assert "proof: not read yet" in "\n".join(shown(80, 24, 0, proof=None))


def test_a_process_that_does_not_run_has_a_line_of_its_own_and_is_counted() -> None:
    states = [(name, RUNNING) for name in NAMES if name != "orders"]
    lines = shown(80, 24, 0, [*states, ("orders", "ended by SIGKILL, starts again in 0.5 s")])
    assert any("processes: 6 of 7 running" in line for line in lines)
    assert any(line.strip("│ ") == "○ orders ended by SIGKILL, starts again in 0.5 s" for line in lines)
    assert any("processes: all 7 running" in line for line in shown(80, 24, 0))


def test_without_a_terminal_each_fact_and_each_event_is_one_plain_line() -> None:
    file = io.StringIO()
    with Screen(FACTS, list, Console(file=file, width=40)) as screen:
        screen.tell("[red] " + "reserved " * 30, datetime.now(UTC))
        for _ in range(3):
            screen.prove(WELL, TIME)
    lines = file.getvalue().splitlines()
    assert lines[:3] == [f"{name}: {value}" for name, value in FACTS]
    assert "[red] reserved" in lines[3]
    assert lines[4:] == [f"{TIME.astimezone():%H:%M:%S} proof: {WELL}"]
