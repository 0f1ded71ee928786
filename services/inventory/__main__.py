"""`python -m inventory serve | migrate | republish --organization UUID [--id UUID]`."""

import argparse
import asyncio
import sys
from uuid import UUID

from chassis.process import run
from inventory import app


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m inventory", description="RAPPIT's items, stock and reservations.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("serve", help="serve until SIGTERM")
    verbs.add_parser("migrate", help="bring database and topics to what this release needs")
    again = verbs.add_parser("republish", help="write the current state of items and demands to the outbox once more")
    again.add_argument("--organization", type=UUID, required=True)
    again.add_argument("--id", type=UUID, help="only this item or demand")
    asked = parser.parse_args()
    if asked.verb == "serve":
        run(app.NAME, app.serve)
    elif asked.verb == "migrate":
        run(app.NAME, app.migrate)
    else:
        told = asyncio.run(app.republish(asked.organization, asked.id))
        sys.exit(0 if told else f"there is nothing to tell of organization {asked.organization}")


if __name__ == "__main__":
    main()
