"""Statements on signing keys."""

from datetime import datetime
from typing import NamedTuple

from chassis.database.transaction import Transaction

# Any number, the same in every replica: the first key is made by one of those that start at once.
_FIRST_KEY_LOCK = 4_719_260_311

_LOCK = "SELECT pg_advisory_xact_lock(%s)"

_SELECT = """
SELECT id, sealed_private_key, sign_time, retire_time FROM signing_keys WHERE retire_time IS NULL OR retire_time > %s"""

_INSERT = """
INSERT INTO signing_keys (id, public_key, sealed_private_key, sign_time) VALUES (%s, %s, %s, %s)"""


class SealedKey(NamedTuple):
    """A signing key as it is kept."""

    id: str
    sealed_private_key: bytes
    sign_time: datetime
    retire_time: datetime | None


async def lock_first_key(tx: Transaction) -> None:
    """Wait until nobody else makes the first key."""
    await tx.execute(_LOCK, (_FIRST_KEY_LOCK,))


async def select_keys(tx: Transaction, now: datetime) -> list[SealedKey]:
    """Every key that is not retired."""
    return [SealedKey(*row) for row in await (await tx.execute(_SELECT, (now,))).fetchall()]


async def insert_key(tx: Transaction, key_id: str, public_key: bytes, sealed: bytes, sign_time: datetime) -> None:
    """Keep a new key."""
    await tx.execute(_INSERT, (key_id, public_key, sealed, sign_time))
