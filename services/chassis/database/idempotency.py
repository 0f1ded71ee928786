"""What a call with an idempotency key answered, so that the same call is carried out once.

The key's row commits with the effect. Whoever carries out a key holds an advisory lock until its transaction ends; a
second one does not wait but is told so. Refusals are not stored: the transaction that would store them is rolled back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from uuid import UUID

from sqlalchemy import Column, DateTime, LargeBinary, Text, func

from chassis.database.schema import METADATA
from chassis.database.tenant_table import tenant_table
from chassis.database.transaction import Transaction
from chassis.errors import IdempotencyKeyInFlight, IdempotencyKeyRequired, IdempotencyKeyReused, Refusal
from chassis.rpc.context import Call

idempotency_keys = tenant_table(
    METADATA,
    "idempotency_keys",
    Column("principal", Text, nullable=False),
    Column("rpc", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("answer", LargeBinary, nullable=False),
    Column("create_time", DateTime(timezone=True), nullable=False, server_default=func.now(), index=True),
    primary_key=("principal", "rpc", "key"),
)

_STORED = "SELECT fingerprint, answer FROM idempotency_keys WHERE principal = %s AND rpc = %s AND key = %s"

_STORE = """
    INSERT INTO idempotency_keys (organization_id, principal, rpc, key, fingerprint, answer)
    VALUES (%s, %s, %s, %s, %s, %s)
"""

_LOCK_MANY = """
    SELECT pg_try_advisory_xact_lock(lock) AS taken
    FROM unnest(%s::bigint[]) WITH ORDINALITY AS locks (lock, n) ORDER BY n
"""

_STORED_MANY = """
    SELECT wanted.n, stored.fingerprint, stored.answer
    FROM unnest(%s::int[], %s::text[], %s::text[], %s::text[]) AS wanted (n, principal, rpc, key)
    JOIN idempotency_keys AS stored USING (principal, rpc, key)
"""

_STORE_MANY = """
    INSERT INTO idempotency_keys (organization_id, principal, rpc, key, fingerprint, answer)
    SELECT %s, * FROM unnest(%s::text[], %s::text[], %s::text[], %s::bytea[], %s::bytea[])
"""


@dataclass(frozen=True, slots=True)
class Key:
    """Who asked for what under which key. Two calls are the same call when all but the fingerprint are equal."""

    organization: UUID
    principal: str
    rpc: str
    key: str
    fingerprint: bytes

    @property
    def identity(self) -> tuple[UUID, str, str, str]:
        """What makes it the same call."""
        return self.organization, self.principal, self.rpc, self.key

    @property
    def lock(self) -> int:
        """Number of its advisory lock."""
        text = "\0".join((str(self.organization), self.principal, self.rpc, self.key))
        return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), signed=True)

    def answer_in(self, fingerprint: bytes, answer: bytes) -> bytes:
        """The stored answer. Raises IdempotencyKeyReused when it is another request's."""
        if fingerprint != self.fingerprint:
            raise IdempotencyKeyReused(self.key)
        return answer


def key_of(call: Call, organization: UUID | None = None) -> Key:
    """The call's key. `organization` where the call itself has none yet. Raises IdempotencyKeyRequired."""
    if not call.idempotency_key:
        raise IdempotencyKeyRequired
    return Key(organization or call.organization, call.caller.name, call.rpc, call.idempotency_key, call.fingerprint)


async def stored(tx: Transaction, key: Key) -> bytes | None:
    """The answer that the key has, None when it is new. The key's lock is held. Raises IdempotencyKeyReused."""
    row = await (await tx.execute(_STORED, (key.principal, key.rpc, key.key), binary=True)).fetchone()
    return key.answer_in(row.fingerprint, row.answer) if row else None


async def store(tx: Transaction, key: Key, answer: bytes) -> None:
    """Keep the answer; it commits with the effect."""
    await tx.execute(_STORE, (tx.organization, key.principal, key.rpc, key.key, key.fingerprint, answer))


async def claim_many(tx: Transaction, keys: Sequence[Key]) -> list[bytes | Refusal | None]:
    """For each key what is known of it: the answer stored, a refusal, or None: carry it out and store the answer.

    A key twice in the batch is refused the second time, for the lock is granted twice to one transaction.
    """
    first: dict[tuple[UUID, str, str, str], int] = {}
    for n, key in enumerate(keys):
        first.setdefault(key.identity, n)
    ours = sorted(first.values())
    locks = await (await tx.execute(_LOCK_MANY, ([keys[n].lock for n in ours],))).fetchall()
    held = [n for n, row in zip(ours, locks, strict=True) if row.taken]
    claims: list[bytes | Refusal | None] = [IdempotencyKeyInFlight(key.key) for key in keys]
    for n in held:
        claims[n] = None
    if held:
        # A statement of its own: the locks were taken after the snapshot of the statement that took them.
        columns = zip(*((n, keys[n].principal, keys[n].rpc, keys[n].key) for n in held), strict=True)
        for row in await (await tx.execute(_STORED_MANY, [list(column) for column in columns], binary=True)).fetchall():
            try:
                claims[row.n] = keys[row.n].answer_in(row.fingerprint, row.answer)
            except IdempotencyKeyReused as refusal:
                claims[row.n] = refusal
    return claims


async def store_many(tx: Transaction, answers: Sequence[tuple[Key, bytes]]) -> None:
    """Keep the answers of a batch."""
    if not answers:
        return
    rows = ((key.principal, key.rpc, key.key, key.fingerprint, answer) for key, answer in answers)
    await tx.execute(_STORE_MANY, (tx.organization, *(list(column) for column in zip(*rows, strict=True))))
