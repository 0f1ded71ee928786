"""SignIn: a session for whoever knows an address and its password.

An unknown address and a wrong password get the same answer after the same work. The count of failures decides under its
row's lock, after the password was checked: of a hundred guesses at once, only as many are answered as there are free
ones, and the others learn nothing, right or wrong.
"""

from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from chassis.clock import Clock
from chassis.database.pool import Database
from chassis.database.transaction import Transaction
from chassis.rpc.context import Call
from identity.accounts.account import canonical_email
from identity.accounts.password_hasher import PasswordHasher
from identity.accounts.sql import Credential, credential_of
from identity.errors import CredentialsWrong, NotAMember
from identity.roles.membership import require_member
from identity.roles.sql import organization_joined_first
from identity.sessions import sql
from identity.sessions.device import Device
from identity.sessions.failed_attempts import count_failure, email_hash, refuse_locked
from identity.sessions.refresh_token import new_refresh_token
from identity.sessions.session import ABSOLUTE_LIFE, Session


@dataclass(frozen=True, slots=True)
class Attempt:
    """What somebody signs in with, and from what. No organisation means the one joined first."""

    email: str
    password: str
    organization: UUID | None
    device: Device

    @property
    def email_hash(self) -> bytes:
        """Under which failures are counted, for addresses without an account too."""
        return email_hash(self.email)


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
        refuse_locked(await sql.select_failures(tx, attempt.email_hash), clock)
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
    person, epoch = credential.user_id, credential.session_epoch
    return await database.write(
        call, lambda tx: open_session(tx, clock, person, epoch, attempt), organization=organization
    )


async def open_session(tx: Transaction, clock: Clock, user_id: UUID, epoch: int, attempt: Attempt) -> OpenSession:
    """Open a session in the transaction's organisation, and forget the failures before it.

    epoch: the person's when the password was verified. Refused with CredentialsWrong when it was changed since.
    """
    failures = await sql.select_failures(tx, attempt.email_hash, lock=True)
    if failures:
        refuse_locked(failures, clock)
        await sql.forget_failures(tx, attempt.email_hash)
    await require_member(tx, user_id)
    token, now = new_refresh_token(), clock.now()
    new = sql.NewSession(clock.new_id(), user_id, epoch, now + ABSOLUTE_LIFE, attempt.device)
    session = await sql.insert_session(tx, new, token.hash, now)
    if not session.is_of_epoch:
        raise CredentialsWrong
    return OpenSession(tx.organization, session, token.secret)
