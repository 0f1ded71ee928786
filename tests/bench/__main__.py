"""`make bench`: RAPPIT measured against what this machine can do, each figure beside its yardstick from the same run.

    make bench                      all
    make bench NAME=hot-item        one; several with commas

Prints a table and writes it as JSON. A run that was fast and wrong fails: each bench checks what it left behind.
"""

import argparse
import asyncio
import json
import os
import platform
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import uvloop
from rich.console import Console

from laptop.system import System
from tests.bench.edge_overhead import edge_overhead
from tests.bench.order_pipeline import order_pipeline
from tests.bench.place import Place, opened
from tests.bench.reserving import hot_item, spread_items
from tests.bench.result import Result, Wrong, remarks_on, table_of
from tests.bench.webhook_ack import webhook_ack

Bench = Callable[[Place, float], Awaitable[list[Result]]]

BENCHES: Mapping[str, Bench] = {
    "hot-item": hot_item,
    "spread-items": spread_items,
    "webhook-ack": webhook_ack,
    "order-pipeline": order_pipeline,
    "edge-overhead": edge_overhead,
}


async def measure(names: list[str], seconds: float) -> list[Result]:
    """Each bench with a merchant of its own, on one system. Raises Wrong."""
    with tempfile.TemporaryDirectory(prefix="rappit-bench-") as folder:
        system = await System.start(Path(folder), say=lambda words: print(words, file=sys.stderr))
        try:
            results: list[Result] = []
            for name in names:
                print(f"measuring {name}", file=sys.stderr)
                async with opened(system) as place:
                    results += await BENCHES[name](place, seconds)
            return results
        finally:
            await system.stop()


def main() -> int:
    """Read the choices, measure, tell."""
    choices = argparse.ArgumentParser(prog="make bench")
    choices.add_argument("names", nargs="*", default=list(BENCHES), metavar="NAME", help=", ".join(BENCHES))
    choices.add_argument("--seconds", type=float, default=6.0, help="of each of three rounds (%(default)s)")
    choices.add_argument("--json", type=Path, default=Path(".rappit/bench.json"), help="(%(default)s)")
    chosen = choices.parse_args()
    names = [name for each in chosen.names for name in each.split(",")]
    if unknown := set(names) - set(BENCHES):
        choices.error(f"no such bench: {', '.join(sorted(unknown))}; there are {', '.join(BENCHES)}")
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            results = runner.run(measure(names, chosen.seconds))
    except Wrong as wrong:
        print(f"a run was fast and wrong: {wrong}", file=sys.stderr)
        return 1
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.platform()}
    told = {"time": datetime.now(UTC).isoformat(timespec="seconds"), "machine": machine}
    chosen.json.parent.mkdir(exist_ok=True)
    chosen.json.write_text(json.dumps(told | {"results": [result.as_json() for result in results]}, indent=2) + "\n")
    console = Console()
    console.print(table_of(results))
    console.print(remarks_on(results), highlight=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
