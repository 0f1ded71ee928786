"""`python -m simulator serve`."""

import argparse

from chassis.process import run
from simulator import app


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m simulator", description="Stores that answer like the real ones.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("serve", help="serve until SIGTERM")
    parser.parse_args()
    run(app.NAME, app.serve)


if __name__ == "__main__":
    main()
