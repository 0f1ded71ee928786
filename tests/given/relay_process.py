"""A relay in its own process, to be paused or killed: `python relay_process.py URL FINDER_URL BOOTSTRAP PREFIX`."""

import asyncio
import sys

from chassis.database.pool import Database
from chassis.messaging.kafka import Kafka
from chassis.messaging.relay import Relay
from chassis.telemetry import logs


async def main(url: str, finder_url: str, bootstrap: str, prefix: str) -> None:
    """Publish until killed."""
    database = await Database.open(url, finder_url, service="chassis", size=2)
    await Relay(database, Kafka(bootstrap, prefix, development=True)).run()


if __name__ == "__main__":
    logs.configure("relay")
    asyncio.run(main(*sys.argv[1:]))
