"""Statements on signing keys and revocations."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from chassis.database.pool import Connection
from chassis.database.transaction import Transaction
from identity.tokens.revocation import Kind, Revocation

# Any number, the same in every replica: of those who would make a key at once, one does.
_KEYS_LOCK = 4_719_260_311

_LOCK = "SELECT pg_advisory_xact_lock(%s)"

_SELECT = """
SELECT id, sealed_private_key, sign_time, retire_time FROM signing_keys WHERE retire_time IS NULL OR retire_time > %s"""

_INSERT = """
INSERT INTO signing_keys (id, public_key, sealed_private_key, sign_time) VALUES (%s, %s, %s, %s)"""

_RETIRE = "UPDATE signing_keys SET retire_time = least(retire_time, %s) WHERE sign_time <= %s"

_DELETE_KEYS = "DELETE FROM signing_keys WHERE retire_time < %s"

# Of two at once the later counts.
_REVOKE = """
INSERT INTO revocations (kind, id, revoke_time) VALUES (%s, %s, %s)
ON CONFLICT (kind, id) DO UPDATE SET revoke_time = greatest(revocations.revoke_time, excluded.revoke_time)"""

# Served by revocations_revoke_time; asked by the finder role.
_FIND_REVOCATIONS = """
SELECT id, revoke_time FROM revocations WHERE kind = %s AND revoke_time >= %s ORDER BY revoke_time DESC LIMIT %s"""

_DELETE_REVOCATIONS = """
DELETE FROM revocations WHERE (kind, id) IN (
    SELECT kind, id FROM revocations WHERE kind = ANY(%s) AND revoke_time < %s LIMIT %s FOR UPDATE SKIP LOCKED)"""


class SealedKey(NamedTuple):
    """A signing key as it is kept."""

    id: str
    sealed_private_key: bytes
    sign_time: datetime
    retire_time: datetime | None


async def lock_keys(tx: Transaction) -> None:
    """Wait until nobody else makes a key."""
    await tx.execute(_LOCK, (_KEYS_LOCK,))


async def select_keys(tx: Transaction, now: datetime) -> list[SealedKey]:
    """Every key that is not retired."""
    return [SealedKey(*row) for row in await (await tx.execute(_SELECT, (now,))).fetchall()]


async def insert_key(tx: Transaction, key_id: str, public_key: bytes, sealed: bytes, sign_time: datetime) -> None:
    """Keep a new key."""
    await tx.execute(_INSERT, (key_id, public_key, sealed, sign_time))


async def retire_keys(tx: Transaction, signing_by: datetime, retire_time: datetime) -> None:
    """Say when the keys retire that sign by a time; those that retire earlier still do."""
    await tx.execute(_RETIRE, (retire_time, signing_by))


async def delete_keys(tx: Transaction, retired_before: datetime) -> None:
    """Delete keys that no token needs."""
    await tx.execute(_DELETE_KEYS, (retired_before,))


async def revoke(tx: Transaction, kind: Kind, revoked: UUID, now: datetime) -> None:
    """Keep that it ended, for those who miss the event."""
    await tx.execute(_REVOKE, (kind.value, revoked, now))


async def find_revocations(finder: Connection, kind: Kind, since: datetime, limit: int) -> list[Revocation]:
    """What ended since a time, the latest first."""
    rows = await (await finder.execute(_FIND_REVOCATIONS, (kind.value, since, limit))).fetchall()
    return [Revocation(*row) for row in rows]


async def delete_revocations(tx: Transaction, before: datetime, limit: int) -> int:
    """Delete those from before a time; how many there were."""
    kinds = [kind.value for kind in Kind]
    return (await tx.execute(_DELETE_REVOCATIONS, (kinds, before, limit))).rowcount
