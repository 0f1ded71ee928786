"""`python -m laptop.tries launch|kill|duplicate|forged`, or `why SKU`: what `make try-...` and `make why` run."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from laptop.tries.duplicate import duplicate
from laptop.tries.forged import forged
from laptop.tries.kill import kill
from laptop.tries.launch import launch
from laptop.tries.running import NotRunning, Running, running
from laptop.tries.stores import BUYERS
from laptop.tries.until import NotInTime
from laptop.tries.why import why
from rappit_client.errors import RappitError

Try = Callable[[Running, argparse.Namespace], Awaitable[bool]]

TRIES: dict[str, Try] = {
    "launch": lambda world, chosen: launch(world, units=chosen.units, buyers=chosen.buyers),
    "kill": lambda world, chosen: kill(world, units=chosen.units, buyers=chosen.buyers),
    "duplicate": lambda world, _: duplicate(world),
    "forged": lambda world, _: forged(world),
    "why": lambda world, chosen: why(world, chosen.sku, steps=chosen.steps),
}


async def run(name: str, chosen: argparse.Namespace) -> bool:
    """One try. Whether its check holds. Raises NotRunning."""
    async with running(chosen.folder.absolute()) as world:
        return await TRIES[name](world, chosen)


def main() -> int:
    """Read the choices and try."""
    parser = argparse.ArgumentParser(prog="make", description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path(".rappit"), help="where it runs (%(default)s)")
    names = parser.add_subparsers(dest="name", required=True)
    for name in ("launch", "kill"):
        sizes = names.add_parser(name)
        sizes.add_argument("--units", type=int, default=100, help="of the item (%(default)s)")
        sizes.add_argument("--buyers", type=int, default=1_000, help="of one unit each (%(default)s)")
    names.add_parser("duplicate")
    names.add_parser("forged")
    asked = names.add_parser("why")
    asked.add_argument("sku")
    asked.add_argument("--steps", type=int, default=20, help="latest movements to show (%(default)s)")
    chosen = parser.parse_args()
    if getattr(chosen, "buyers", 0) > BUYERS:
        parser.error(f"at most {BUYERS:,} buyers at once")
    try:
        return 0 if asyncio.run(run(chosen.name, chosen)) else 1
    except NotRunning as refused:
        print(refused, file=sys.stderr)
    except (NotInTime, RappitError) as failed:
        print(f"it could not be tried to its end: {failed}", file=sys.stderr)
    except KeyboardInterrupt:
        pass
    return 1


if __name__ == "__main__":
    sys.exit(main())
