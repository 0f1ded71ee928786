"""Who runs a job: one holder at a time, by a lease of ten seconds in the server's time.

Each taking over raises the epoch. Every transaction of a job reads its lease FOR SHARE and so stops when the epoch is
not its own: a holder that was paused, lost its lease and wakes changes nothing. Taking over waits for the holder's
transactions in flight, which the role's transaction_timeout ends.
"""

import time
from typing import Any

import psycopg
from sqlalchemy import BigInteger, Column, DateTime, Text

from chassis.database.schema import METADATA
from chassis.database.tenant_table import directory_table
from chassis.database.transaction import Transaction

LEASE_SECONDS = 10.0

leases = directory_table(
    METADATA,
    "leases",
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("expire_time", DateTime(timezone=True), nullable=False),
)

# Looks before it locks: who only waits for a lease must not stand in its holder's way.
_TAKE = """
    INSERT INTO leases AS lease (name, holder, epoch, expire_time)
    SELECT %(name)s, %(holder)s, 1, clock_timestamp() + make_interval(secs => %(seconds)s)
    WHERE NOT EXISTS (SELECT FROM leases WHERE name = %(name)s AND expire_time > clock_timestamp())
    ON CONFLICT (name) DO UPDATE
    SET holder = excluded.holder, epoch = lease.epoch + 1, expire_time = excluded.expire_time
    WHERE lease.expire_time <= clock_timestamp()
    RETURNING epoch
"""

_RENEW = """
    UPDATE leases SET expire_time = clock_timestamp() + make_interval(secs => %(seconds)s)
    WHERE name = %(name)s AND epoch = %(epoch)s AND expire_time > clock_timestamp()
"""

_GIVE_BACK = "UPDATE leases SET expire_time = clock_timestamp() WHERE name = %s AND epoch = %s"

_HOLD = "SELECT FROM leases WHERE name = %s AND epoch = %s AND expire_time > clock_timestamp() FOR SHARE"


class LeaseLost(Exception):
    """The lease is another's, or nobody's: what was begun under it must not go on."""


class Lease:
    """A job's lease while it is held."""

    def __init__(self, name: str, epoch: int, until: float) -> None:
        self.name = name
        self.epoch = epoch
        self._until = until

    async def hold(self, tx: psycopg.AsyncConnection[Any]) -> None:
        """Keep the lease from being taken until this transaction ends. Raises LeaseLost."""
        if (await tx.execute(_HOLD, (self.name, self.epoch))).rowcount != 1:
            raise LeaseLost(self.name)

    def check(self) -> None:
        """Before an effect outside the database: raises LeaseLost when by our own clock the lease may have ended."""
        if time.monotonic() >= self._until:
            raise LeaseLost(self.name)

    async def renew(self, tx: Transaction) -> None:
        """Hold it for ten seconds from now. Raises LeaseLost."""
        until = time.monotonic() + LEASE_SECONDS
        values = {"name": self.name, "epoch": self.epoch, "seconds": LEASE_SECONDS}
        if (await tx.execute(_RENEW, values)).rowcount != 1:
            raise LeaseLost(self.name)
        self._until = until

    async def give_back(self, tx: Transaction) -> None:
        """Let the next holder have it at once."""
        self._until = 0.0
        await tx.execute(_GIVE_BACK, (self.name, self.epoch))


async def take(tx: Transaction, name: str, holder: str) -> Lease | None:
    """The lease, if nobody holds it. `holder` is for people to read."""
    until = time.monotonic() + LEASE_SECONDS
    values = {"name": name, "holder": holder, "seconds": LEASE_SECONDS}
    row = await (await tx.execute(_TAKE, values)).fetchone()
    return Lease(name, row.epoch, until) if row else None
