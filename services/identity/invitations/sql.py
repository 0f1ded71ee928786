"""Statements on invitations."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from chassis.database.transaction import Transaction
from identity.invitations.invitation import Invitation, InvitationState
from identity.roles.role import Role

_COLUMNS = "id, email, role, state, send_count, invited_by, create_time, expire_time"

_INSERT = """
INSERT INTO invitations (organization_id, id, email, role, state, send_count, invited_by, create_time, expire_time,
                         token_hash)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"""

_SELECT = f"SELECT {_COLUMNS} FROM invitations WHERE organization_id = %s AND "

# Served by invitations_open.
_OPEN = f"{_SELECT} email = %s AND state = 'PENDING'"

_PAGE = f"{_SELECT} state = 'PENDING' AND id < %s ORDER BY id DESC LIMIT %s"

_SET_STATE = "UPDATE invitations SET state = %s WHERE organization_id = %s AND id = %s"

_SET_TOKEN = """
UPDATE invitations SET token_hash = %s, expire_time = %s, send_count = send_count + 1
WHERE organization_id = %s AND id = %s"""

# Served by invitations_expire_time; asked by the finder role.
FIND_OVER = "SELECT organization_id, id FROM invitations WHERE expire_time < %s ORDER BY expire_time LIMIT %s"

DELETE_OVER = "DELETE FROM invitations WHERE id = ANY(%s) AND expire_time < %s"


async def insert_invitation(tx: Transaction, new: Invitation, token_hash: bytes) -> None:
    """Keep a new invitation."""
    values = (new.id, new.email, new.role.name, new.kept_state.value, new.send_count, new.invited_by)
    await tx.execute(_INSERT, (tx.organization, *values, new.create_time, new.expire_time, token_hash))


async def select_invitation(tx: Transaction, invitation_id: UUID) -> Invitation | None:
    """An invitation of the transaction's organisation."""
    return await _one(tx, f"{_SELECT} id = %s", (tx.organization, invitation_id))


async def invitation_of_token(tx: Transaction, token_hash: bytes) -> Invitation | None:
    """The invitation whose latest token this is."""
    return await _one(tx, f"{_SELECT} token_hash = %s", (tx.organization, token_hash))


async def open_invitation_of(tx: Transaction, email: str) -> Invitation | None:
    """The invitation of an address that nobody has accepted or revoked."""
    return await _one(tx, _OPEN, (tx.organization, email))


async def select_open(tx: Transaction, before: UUID, limit: int) -> list[Invitation]:
    """Invitations that nobody has accepted or revoked, made before one, the latest first: ids grow."""
    rows = await (await tx.execute(_PAGE, (tx.organization, before, limit))).fetchall()
    return [_invitation(row) for row in rows]


async def set_state(tx: Transaction, invitation_id: UUID, state: InvitationState) -> None:
    """Say what became of it."""
    await tx.execute(_SET_STATE, (state.value, tx.organization, invitation_id))


async def set_token(tx: Transaction, invitation_id: UUID, token_hash: bytes, expire_time: datetime) -> None:
    """Put another token in the place of the one before."""
    await tx.execute(_SET_TOKEN, (token_hash, expire_time, tx.organization, invitation_id))


async def _one(tx: Transaction, statement: str, values: Sequence[object]) -> Invitation | None:
    row = await (await tx.execute(statement, values)).fetchone()
    return _invitation(row) if row else None


def _invitation(row: Sequence[object]) -> Invitation:
    invitation_id, email, role, state, *rest = row
    return Invitation(invitation_id, email, Role[str(role)], InvitationState(state), *rest)  # type: ignore[arg-type]
