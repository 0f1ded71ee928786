"""SignIn: a session for whoever knows an address and its password.

An unknown address and a wrong password get the same answer after the same work. The count of failures decides under its
row's lock, after the password was checked: of a hundred guesses at once, only as many are answered as there are free
ones, and the others learn nothing, right or wrong.
"""

import hashlib
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from chassis.clock import Clock
from chassis.database.pool import Database
from chassis.database.transaction import Transaction
from chassis.rpc.context import Call
from chassis.telemetry.logs import get_logger
from identity.accounts.account import canonical_email
from identity.accounts.password_hasher import PasswordHasher
from identity.accounts.sql import Credential, credential_of
from identity.errors import CredentialsWrong, NotAMember, TooManyAttempts
from identity.roles.membership import require_member
from identity.roles.sql import organization_joined_first
from identity.sessions import sql
from identity.sessions.lockout import Failures, after_failure
from identity.sessions.refresh_token import new_refresh_token
from identity.sessions.session import Session

log = get_logger()


@dataclass(frozen=True, slots=True)
class Attempt:
    """What somebody signs in with. No organisation means the one joined first."""

    email: str
    password: str
    organization: UUID | None

    @property
    def email_hash(self) -> bytes:
        """Under which failures are counted, for addresses without an account too."""
        return hashlib.sha256(canonical_email(self.email).encode()).digest()


class OpenSession(NamedTuple):
    """A session of an organisation, and the secret of its live refresh token."""

    organization: UUID
    session: Session
    refresh_token: str


async def sign_in(
    database: Database, call: Call, clock: Clock, hasher: PasswordHasher, attempt: Attempt
) -> OpenSession:
    """A new session. Refused with CredentialsWrong, TooManyAttempts, NotAMember and OrganizationNotActive."""

    async def find(tx: Transaction) -> tuple[Credential | None, UUID | None]:
        _refuse_locked(await sql.select_failures(tx, attempt.email_hash), clock)
        credential = await credential_of(tx, canonical_email(attempt.email))
        person = credential.user_id if credential else clock.new_id()
        return credential, attempt.organization or await organization_joined_first(tx, person)

    credential, organization = await database.look_up(call, find)
    matches = await hasher.verify(attempt.password, credential.password_hash if credential else None)
    if credential is None or not matches:
        await database.look_up(call, lambda tx: count_failure(tx, clock, attempt.email_hash))
        raise CredentialsWrong
    if organization is None:
        raise NotAMember
    person = credential.user_id
    return await database.write(
        call, lambda tx: open_session(tx, clock, person, attempt.email_hash), organization=organization
    )


async def count_failure(tx: Transaction, clock: Clock, email_hash: bytes) -> None:
    """Count one more failure. Refused with TooManyAttempts when others at the same time have locked the address."""
    now = clock.now()
    before = await sql.lock_failures(tx, email_hash, now)
    _refuse_locked(before, clock)
    after = after_failure(before, now)
    await sql.set_failures(tx, email_hash, after)
    if after.locked_until:
        log.warning("sign-in locked", failures=after.count, until=after.locked_until.isoformat())


async def open_session(tx: Transaction, clock: Clock, user_id: UUID, email_hash: bytes) -> OpenSession:
    """Open a session in the transaction's organisation, and forget the failures before it."""
    failures = await sql.select_failures(tx, email_hash, lock=True)
    if failures:
        _refuse_locked(failures, clock)
        await sql.forget_failures(tx, email_hash)
    await require_member(tx, user_id)
    token = new_refresh_token()
    session = await sql.insert_session(tx, clock.new_id(), user_id, token.hash, clock.now())
    return OpenSession(tx.organization, session, token.secret)


def _refuse_locked(failures: Failures | None, clock: Clock) -> None:
    left = failures.lock_left(clock.now()) if failures else None
    if left:
        raise TooManyAttempts(left)
