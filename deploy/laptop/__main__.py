"""`make run`: everything on this machine, with a demo shop that sends orders, until Ctrl-C."""

import argparse
import asyncio
import contextlib
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

from laptop.demo.doors import DemoFailed
from laptop.demo.made import Demo, forget_environment
from laptop.demo.prepare import prepare
from laptop.demo.receive_goods import receiving
from laptop.follow import Event
from laptop.kept import Spoilt
from laptop.ports import NoFreePort
from laptop.program import CannotStart
from laptop.proof.acknowledged import Acknowledged
from laptop.proof.read_proof import Doors, ProofReader
from laptop.proof.watch_proof import watch_proof
from laptop.screen import Screen
from laptop.system import AlreadyRunning, FolderRefused, System
from laptop.words import in_words

FOLDER = Path(__file__).resolve().parents[2] / ".rappit"
GATEWAY_PORT = 8080


def say(words: str) -> None:
    """One line of progress; who cannot be told any more (a terminal that was closed) must not keep us from stopping."""
    with contextlib.suppress(OSError):
        print(f"{datetime.now().astimezone():%H:%M:%S} {words}", flush=True)


async def run(folder: Path, gateway_port: int, *, with_demo: bool, speed: float) -> None:
    """Start all, show what happens until we are told to stop, stop all. speed: of the demo's world, 1 for people."""
    _stop_when_told()
    system = await System.start(folder, gateway_port=gateway_port, say=say)
    try:
        events = system.events()
        demo = None
        forget_environment(folder)
        if with_demo:
            demo = await prepare(folder, system.addresses.gateway, system.addresses.simulator, say, speed=speed)
        goods = receiving(demo, events.add) if demo else contextlib.nullcontext()
        with Screen(facts(system, demo), system.processes.states) as screen:
            acknowledged = Acknowledged()
            # Not waited for as we stop: it may be asking a database that was paused, and that is ended next.
            watching = asyncio.create_task(watch_proof(ProofReader(Doors.of(system), acknowledged), screen.prove))
            try:
                async with goods:
                    async for event in events:
                        acknowledged.hear(event)
                        if words := in_words(event):
                            screen.tell(words, time_of(event))
            finally:
                watching.cancel()
    finally:
        say("stopping")
        await system.stop()
        forget_environment(folder)
        say("stopped; nothing is left running")


def _stop_when_told() -> None:
    """Ctrl-C, SIGTERM, or the terminal's end: the first stops us, and what comes while we stop is only answered."""
    task = asyncio.current_task()
    assert task is not None  # noqa: S101 (a coroutine that runs is a task)

    def told() -> None:
        if task.cancelling():
            say("stopping already: each part is given time to finish what it has in hand")
        else:
            task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, told)


def facts(system: System, demo: Demo | None) -> list[tuple[str, str]]:
    """What stays on the screen: where things are, and how to sign in."""
    members = (demo.member, demo.other) if demo else ()
    sign_in = [("sign in", f"{member.email}  {member.password}  {member.name}") for member in members]
    return [
        ("gateway", system.addresses.gateway),
        *sign_in,
        ("simulator", system.addresses.simulator),
        ("PostgreSQL", f"127.0.0.1:{system.postgres.port}"),
        ("Kafka", f"{system.kafka.bootstrap}  {system.kafka.product}"),
        ("logs", str(system.folder / "logs")),
    ]


def time_of(event: Event) -> datetime:
    """When it was logged; what a library printed has no time of its own."""
    with contextlib.suppress(KeyError, ValueError):
        return datetime.fromisoformat(str(event["time"]))
    return datetime.now(UTC)


def main() -> int:
    """Read the choices and run."""
    choices = argparse.ArgumentParser(prog="make run", description="RAPPIT on this machine. Ctrl-C stops all of it.")
    choices.add_argument("--folder", type=Path, default=FOLDER, help="where data, secrets and logs are (%(default)s)")
    choices.add_argument("--port", type=int, default=GATEWAY_PORT, help="the gateway's, if it is free (%(default)s)")
    choices.add_argument(
        "--no-demo",
        action="store_true",
        default=os.environ.get("DEMO") == "0",
        help="no demo organisation, and nobody sends orders (or DEMO=0)",
    )
    choices.add_argument("--speed", type=float, default=1.0, help="how fast the demo's stores live (%(default)g)")
    chosen = choices.parse_args()
    try:
        asyncio.run(run(chosen.folder.absolute(), chosen.port, with_demo=not chosen.no_demo, speed=chosen.speed))
    except (DemoFailed, Spoilt) as refused:
        print(f"{refused}\n  the logs: {chosen.folder.absolute() / 'logs'}", file=sys.stderr)
        return 1
    except (AlreadyRunning, CannotStart, FolderRefused, NoFreePort) as refused:
        print(refused, file=sys.stderr)
        return 1
    except BrokenPipeError:
        # Whoever read what we print is gone (`make run | head`), and what is still in hand cannot be told.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except asyncio.CancelledError:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
