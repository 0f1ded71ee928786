"""`python -m identity serve | migrate | republish | past-due | suspend | reactivate | close | rotate-signing-key`."""

import argparse
import asyncio
import sys
from uuid import UUID

from chassis.errors import Refusal
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
    for verb in app.STATE_CHANGES:
        told = verbs.add_parser(verb, help="change the state of an organisation, and tell those whom it concerns")
        told.add_argument("--organization", type=UUID, required=True)
        told.add_argument("--why", required=True, help="for the platform's own people; kept with the organisation")
    verbs.add_parser("rotate-signing-key", help="publish another key, which signs when everybody knows it")
    asked = parser.parse_args()
    if asked.verb == "serve":
        run(app.NAME, app.serve)
    elif asked.verb == "migrate":
        run(app.NAME, app.migrate)
    else:
        sys.exit(asyncio.run(one_off(asked)))


async def one_off(asked: argparse.Namespace) -> str | None:
    """Do it; what is wrong, if it cannot be done."""
    try:
        if asked.verb == "rotate-signing-key":
            return None if await app.rotate_signing_key() else "the next key is there already"
        if asked.verb == "republish":
            found = await app.republish(asked.organization)
        else:
            found = await app.change_state(asked.verb, asked.organization, asked.why)
    except Refusal as refusal:
        return refusal.message
    return None if found else f"there is no organization {asked.organization}"


if __name__ == "__main__":
    main()
