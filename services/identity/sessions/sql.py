"""Statements on sessions, which belong to an organisation, and on refresh tokens and failures, which do not."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from chassis.database.transaction import Transaction
from identity.sessions.device import Device
from identity.sessions.lockout import Failures
from identity.sessions.session import SLIDING_LIFE, EndReason, Session

# The person's own epoch: sessions of an earlier one are over.
_EPOCH = "(SELECT session_epoch FROM users WHERE users.id = sessions.user_id)"

_COLUMNS = f"""id, user_id, epoch, epoch = {_EPOCH} AS is_of_epoch, generation, create_time, rotate_time, expire_time,
absolute_expire_time, end_time, sealed_token, device, address"""

_INSERT_SESSION = f"""
INSERT INTO sessions (organization_id, id, user_id, epoch, generation, create_time, rotate_time, expire_time,
                      absolute_expire_time, device, address)
VALUES (%(organization)s, %(id)s, %(user)s, %(epoch)s, 1, %(now)s, %(now)s,
        least(%(now)s + %(sliding)s, %(absolute)s), %(absolute)s, %(device)s, %(address)s)
RETURNING {_COLUMNS}"""

_INSERT_TOKEN = """
INSERT INTO refresh_tokens (token_hash, organization_id, session_id, generation) VALUES (%s, %s, %s, %s)"""

_FIND_TOKEN = "SELECT organization_id, session_id, generation FROM refresh_tokens WHERE token_hash = %s"

# The one statement that rotates: of any number at once the first finds its generation, and the others do not.
_ROTATE = f"""
UPDATE sessions
SET generation = generation + 1, sealed_token = %(sealed)s, rotate_time = %(now)s,
    expire_time = least(%(now)s + %(sliding)s, absolute_expire_time), device = %(device)s, address = %(address)s
WHERE organization_id = %(organization)s AND id = %(id)s AND generation = %(generation)s
  AND end_time IS NULL AND expire_time > %(now)s AND epoch = {_EPOCH}
RETURNING {_COLUMNS}"""

_SELECT = f"SELECT {_COLUMNS} FROM sessions WHERE organization_id = %s AND id = %s"

_END = """
UPDATE sessions SET end_time = %(now)s, end_reason = %(reason)s, sealed_token = NULL
WHERE organization_id = %(organization)s AND id = %(id)s AND end_time IS NULL AND expire_time > %(now)s"""

_END_ALL_HERE = """
UPDATE sessions SET end_time = %(now)s, end_reason = %(reason)s, sealed_token = NULL
WHERE organization_id = %(organization)s AND user_id = %(user)s AND end_time IS NULL AND expire_time > %(now)s"""

_NEXT_EPOCH = "UPDATE users SET session_epoch = session_epoch + 1 WHERE id = %s RETURNING session_epoch"

# Not one that was over before: its epoch was not the person's.
_TAKE_ALONG = """
UPDATE sessions SET epoch = epoch + 1 WHERE organization_id = %s AND id = %s AND epoch = %s - 1"""

# Served by sessions_user.
_OF_USER = f"""
SELECT {_COLUMNS} FROM sessions
WHERE organization_id = %(organization)s AND user_id = %(user)s AND end_time IS NULL AND expire_time > %(now)s
  AND epoch = {_EPOCH} AND id < %(before)s
ORDER BY id DESC LIMIT %(limit)s"""

_FAILURES = "SELECT count, last_time, locked_until FROM sign_in_failures WHERE email_hash = %s"

# Always gives the row, and holds it: the update that changes nothing is what locks it.
_LOCK_FAILURES = """
INSERT INTO sign_in_failures (email_hash, count, last_time) VALUES (%s, 0, %s)
ON CONFLICT (email_hash) DO UPDATE SET email_hash = excluded.email_hash
RETURNING count, last_time, locked_until"""

_SET_FAILURES = """
UPDATE sign_in_failures SET count = %s, last_time = %s, locked_until = %s WHERE email_hash = %s"""

_FORGET_FAILURES = "DELETE FROM sign_in_failures WHERE email_hash = %s"

# Served by sessions_expire_time; asked by the finder role.
FIND_OVER = "SELECT organization_id, id FROM sessions WHERE expire_time < %s ORDER BY expire_time LIMIT %s"

DELETE_TOKENS_OF_OVER = """
DELETE FROM refresh_tokens WHERE token_hash IN (
    SELECT token_hash FROM sessions
    JOIN refresh_tokens ON (refresh_tokens.organization_id, session_id) = (sessions.organization_id, id)
    WHERE id = ANY(%s) AND expire_time < %s LIMIT %s)"""

DELETE_OVER = "DELETE FROM sessions WHERE id = ANY(%s) AND expire_time < %s"

_DELETE_OLD_FAILURES = """
DELETE FROM sign_in_failures WHERE email_hash IN (
    SELECT email_hash FROM sign_in_failures WHERE last_time < %s LIMIT %s FOR UPDATE SKIP LOCKED)"""


class KnownToken(NamedTuple):
    """Where a refresh token leads."""

    organization_id: UUID
    session_id: UUID
    generation: int


class NewSession(NamedTuple):
    """Who opens a session, in which epoch, from what, and until when the password that was given is enough."""

    id: UUID
    user_id: UUID
    epoch: int
    absolute_expire_time: datetime
    device: Device


async def insert_session(tx: Transaction, new: NewSession, token_hash: bytes, now: datetime) -> Session:
    """Open a session with its first refresh token."""
    values = {"organization": tx.organization, "id": new.id, "user": new.user_id, "epoch": new.epoch, "now": now}
    lives = {"sliding": SLIDING_LIFE, "absolute": new.absolute_expire_time}
    session = await _session(tx, _INSERT_SESSION, values | lives | _from(new.device))
    if session is None:
        raise LookupError("an INSERT returned no row")
    await tx.execute(_INSERT_TOKEN, (token_hash, tx.organization, session.id, session.generation))
    return session


async def find_token(tx: Transaction, token_hash: bytes) -> KnownToken | None:
    """Where a token leads, used up or not."""
    row = await (await tx.execute(_FIND_TOKEN, (token_hash,))).fetchone()
    return KnownToken(*row) if row else None


async def rotate(
    tx: Transaction, token: KnownToken, successor_hash: bytes, sealed_successor: bytes, now: datetime, *, device: Device
) -> Session | None:
    """Put the successor in the place of the token; None when the token is not the live one, and nothing changes."""
    values = {"organization": tx.organization, "id": token.session_id, "generation": token.generation, "now": now}
    values |= {"sealed": sealed_successor, "sliding": SLIDING_LIFE}
    session = await _session(tx, _ROTATE, values | _from(device))
    if session:
        await tx.execute(_INSERT_TOKEN, (successor_hash, tx.organization, session.id, session.generation))
    return session


async def select_session(tx: Transaction, session_id: UUID, *, lock: bool = False) -> Session | None:
    """A session of the transaction's organisation; `lock` keeps others from changing it until the commit."""
    return await _session(tx, _SELECT + (" FOR NO KEY UPDATE" if lock else ""), (tx.organization, session_id))


async def end(tx: Transaction, session_id: UUID, reason: EndReason, now: datetime) -> bool:
    """End a session; False when it was over already."""
    values = {"organization": tx.organization, "id": session_id, "reason": reason.value, "now": now}
    return (await tx.execute(_END, values)).rowcount > 0


async def end_all_here(tx: Transaction, user_id: UUID, reason: EndReason, now: datetime) -> None:
    """End a person's sessions in the transaction's organisation."""
    values = {"organization": tx.organization, "user": user_id, "reason": reason.value, "now": now}
    await tx.execute(_END_ALL_HERE, values)


async def end_epoch(tx: Transaction, user_id: UUID, keep: UUID | None) -> bool:
    """End a person's sessions in every organisation; `keep`, one of the transaction's organisation, goes on.

    False when there is no such person.
    """
    row = await (await tx.execute(_NEXT_EPOCH, (user_id,))).fetchone()
    if row and keep:
        await tx.execute(_TAKE_ALONG, (tx.organization, keep, row[0]))
    return row is not None


async def sessions_of(tx: Transaction, user_id: UUID, now: datetime, before: UUID, limit: int) -> list[Session]:
    """A person's living sessions in the transaction's organisation opened before one, the latest first: ids grow."""
    values = {"organization": tx.organization, "user": user_id, "now": now, "before": before, "limit": limit}
    rows = await (await tx.execute(_OF_USER, values)).fetchall()
    return [Session(*row) for row in rows]


async def select_failures(tx: Transaction, email_hash: bytes, *, lock: bool = False) -> Failures | None:
    """The failed sign-ins of an address, if there are any; `lock` keeps others from counting until the commit."""
    row = await (await tx.execute(_FAILURES + (" FOR UPDATE" if lock else ""), (email_hash,))).fetchone()
    return Failures(*row) if row else None


async def lock_failures(tx: Transaction, email_hash: bytes, now: datetime) -> Failures:
    """The failed sign-ins of an address, none at first; nobody else counts until the commit."""
    row = await (await tx.execute(_LOCK_FAILURES, (email_hash, now))).fetchone()
    if row is None:
        raise LookupError("an INSERT returned no row")
    return Failures(*row)


async def set_failures(tx: Transaction, email_hash: bytes, failures: Failures) -> None:
    """Keep what was counted."""
    await tx.execute(_SET_FAILURES, (failures.count, failures.last_time, failures.locked_until, email_hash))


async def forget_failures(tx: Transaction, email_hash: bytes) -> None:
    """Begin to count anew."""
    await tx.execute(_FORGET_FAILURES, (email_hash,))


async def delete_old_failures(tx: Transaction, before: datetime, limit: int) -> int:
    """Delete the failures of addresses that were not tried since a time; how many there were."""
    return (await tx.execute(_DELETE_OLD_FAILURES, (before, limit))).rowcount


def _from(device: Device) -> dict[str, str]:
    return {"device": device.name, "address": device.address}


async def _session(tx: Transaction, statement: str, values: Sequence[object] | Mapping[str, object]) -> Session | None:
    row = await (await tx.execute(statement, values)).fetchone()
    return Session(*row) if row else None
