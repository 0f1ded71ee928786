"""`python -m identity serve | migrate | republish --organization UUID`."""

import argparse
import asyncio
import sys
from uuid import UUID

from chassis.process import run
from identity import app


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m identity", description="RAPPIT's organisations, people and tokens."
    )
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("serve", help="serve until SIGTERM")
    verbs.add_parser("migrate", help="bring database and topics to what this release needs")
    again = verbs.add_parser("republish", help="write an organisation's current state to the outbox once more")
    again.add_argument("--organization", type=UUID, required=True)
    asked = parser.parse_args()
    if asked.verb == "serve":
        run(app.NAME, app.serve)
    elif asked.verb == "migrate":
        run(app.NAME, app.migrate)
    elif not asyncio.run(app.republish(asked.organization)):
        sys.exit(f"there is no organization {asked.organization}")


if __name__ == "__main__":
    main()
