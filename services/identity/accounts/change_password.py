"""ChangePassword: another password, and an end to every session that the old one opened."""

from dataclasses import dataclass, field
from uuid import UUID

from chassis.clock import Clock
from chassis.database.pool import Database
from chassis.database.transaction import Transaction
from chassis.rpc.context import Call
from identity.accounts.password import weakness
from identity.accounts.password_hasher import PasswordHasher
from identity.accounts.sql import Credential, credential_of_user, set_password
from identity.errors import NotAMember, PasswordTooWeak, PasswordWrong
from identity.sessions.end_all_sessions import end_all_sessions
from identity.sessions.failed_attempts import count_failure, email_hash, refuse_locked
from identity.sessions.sql import select_failures


@dataclass(frozen=True, slots=True)
class PasswordChange:
    """Whose password becomes which, and the session that goes on."""

    user_id: UUID
    session_id: UUID
    current: str = field(repr=False)
    new: str = field(repr=False)


async def change_password(
    database: Database, call: Call, clock: Clock, hasher: PasswordHasher, change: PasswordChange
) -> None:
    """Change it. Refused with PasswordWrong, TooManyAttempts and PasswordTooWeak.

    No answer is kept under the call's key: the fingerprint says nothing of passwords, so that another request would
    get it. A repeat is known by the new password being the account's already.
    """

    async def find(tx: Transaction) -> Credential:
        credential = await credential_of_user(tx, change.user_id)
        if credential is None:
            raise NotAMember
        refuse_locked(await select_failures(tx, email_hash(credential.email)), clock)
        return credential

    credential = await database.look_up(call, find)
    problem = weakness(change.new, credential.email)
    if problem:
        raise PasswordTooWeak(problem, "new_password")
    if not await hasher.verify(change.current, credential.password_hash):
        if await hasher.verify(change.new, credential.password_hash):
            return
        await database.look_up(call, lambda tx: count_failure(tx, clock, email_hash(credential.email)))
        raise PasswordWrong("current_password")
    password_hash = await hasher.hash(change.new)

    async def effect(tx: Transaction) -> None:
        if not await set_password(tx, credential, password_hash, clock.now()):
            raise PasswordWrong("current_password")
        await end_all_sessions(tx, clock, change.user_id, keep=change.session_id, cause=call.rpc)

    await database.write(call, effect, organization=call.organization)
