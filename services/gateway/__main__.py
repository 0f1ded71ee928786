"""`python -m gateway serve | migrate`."""

import argparse

from chassis.process import run
from gateway import app


def main() -> None:
    """Run one of the verbs."""
    parser = argparse.ArgumentParser(prog="python -m gateway", description="RAPPIT's HTTP edge.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("serve", help="serve until SIGTERM")
    verbs.add_parser("migrate", help="make the topic that this release needs")
    run(app.NAME, {"serve": app.serve, "migrate": app.migrate}[parser.parse_args().verb])


if __name__ == "__main__":
    main()
