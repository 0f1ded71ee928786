"""The only way in which units move: levels and ledger together."""

from collections.abc import Sequence

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from inventory.stock import sql
from inventory.stock.level import Movement


async def post(tx: Transaction, clock: Clock, movements: Sequence[Movement]) -> None:
    """Move units, in this order: levels change and each movement is a row of the ledger with the balance it left.

    The caller holds the levels' locks (`lock_levels`). The database refuses what would promise a unit twice.
    """
    if movements:
        await sql.insert_movements(tx, movements, clock.now())
