"""Statements on users and credentials: directory tables, read before any organisation is known."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from chassis.database.transaction import Transaction
from identity.accounts.account import User

# Waits until another sign-up with the same address has ended one way or the other.
_INSERT_USER = """
INSERT INTO users (id, email, display_name, create_time) VALUES (%s, %s, %s, %s)
ON CONFLICT (email) DO NOTHING"""

_INSERT_CREDENTIAL = "INSERT INTO credentials (user_id, password_hash, update_time) VALUES (%s, %s, %s)"

_CREDENTIAL = """
SELECT users.id, users.email, users.display_name, credentials.password_hash, users.session_epoch
FROM users JOIN credentials ON credentials.user_id = users.id
WHERE """

# Of two at once that verified the same password the second finds another.
_SET_PASSWORD = """
UPDATE credentials SET password_hash = %s, update_time = %s WHERE user_id = %s AND password_hash = %s"""


class Credential(NamedTuple):
    """A person, what the password must match, and the epoch that a session opened with it belongs to."""

    user_id: UUID
    email: str
    display_name: str
    password_hash: str
    session_epoch: int


async def insert_user(tx: Transaction, user: User, password_hash: str, now: datetime) -> bool:
    """Add a person; False when the address is taken."""
    if (await tx.execute(_INSERT_USER, (user.id, user.email, user.display_name, now))).rowcount == 0:
        return False
    await tx.execute(_INSERT_CREDENTIAL, (user.id, password_hash, now))
    return True


async def credential_of(tx: Transaction, email: str) -> Credential | None:
    """The credential of an address in its canonical spelling."""
    return await _credential(tx, _CREDENTIAL + "users.email = %s", email)


async def credential_of_user(tx: Transaction, user_id: UUID) -> Credential | None:
    """The credential of a person."""
    return await _credential(tx, _CREDENTIAL + "users.id = %s", user_id)


async def set_password(tx: Transaction, credential: Credential, password_hash: str, now: datetime) -> bool:
    """Put another password in the place of the one that was verified; False when that is not the person's any more."""
    values = (password_hash, now, credential.user_id, credential.password_hash)
    return (await tx.execute(_SET_PASSWORD, values)).rowcount > 0


async def _credential(tx: Transaction, statement: str, value: object) -> Credential | None:
    row = await (await tx.execute(statement, (value,))).fetchone()
    return Credential(*row) if row else None
