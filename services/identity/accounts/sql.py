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

_CREDENTIAL_OF = """
SELECT users.id AS user_id, credentials.password_hash
FROM users JOIN credentials ON credentials.user_id = users.id
WHERE users.email = %s"""


class Credential(NamedTuple):
    """Who an address belongs to, and what the password must match."""

    user_id: UUID
    password_hash: str


async def insert_user(tx: Transaction, user: User, password_hash: str, now: datetime) -> bool:
    """Add a person; False when the address is taken."""
    if (await tx.execute(_INSERT_USER, (user.id, user.email, user.display_name, now))).rowcount == 0:
        return False
    await tx.execute(_INSERT_CREDENTIAL, (user.id, password_hash, now))
    return True


async def credential_of(tx: Transaction, email: str) -> Credential | None:
    """The credential of an address in its canonical spelling."""
    row = await (await tx.execute(_CREDENTIAL_OF, (email,))).fetchone()
    return Credential(*row) if row else None
