"""AcceptInvitation: whoever holds the link becomes a member, once.

The password is checked or hashed between two transactions, for that takes long; the second decides, under the
organisation's lock.
"""

from dataclasses import dataclass, field

from chassis.clock import Clock
from chassis.database.pool import Database
from chassis.database.transaction import Transaction
from chassis.rpc.context import Call
from identity.accounts.account import User, name_or_default
from identity.accounts.password import SHORTEST, weakness
from identity.accounts.password_hasher import PasswordHasher
from identity.accounts.sign_up import SignedUp
from identity.accounts.sql import Credential, credential_of, insert_user
from identity.errors import AlreadyAMember, EmailTaken, InvitationNotFound, PasswordTooWeak, PasswordWrong
from identity.invitations import sql
from identity.invitations.invitation import Invitation, InvitationState, refuse_not_open
from identity.invitations.invitation_token import InvitationToken
from identity.members.sql import select_member
from identity.organizations.lock_organization import lock_organization
from identity.roles.sql import insert_membership
from identity.sessions.failed_attempts import count_failure, email_hash, refuse_locked
from identity.sessions.sql import select_failures


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What the invited person brings. The name is for a new account."""

    token: InvitationToken = field(repr=False)
    password: str = field(repr=False)
    display_name: str


async def accept_invitation(
    database: Database, call: Call, clock: Clock, hasher: PasswordHasher, acceptance: Acceptance
) -> SignedUp:
    """The organisation and its new member. Refused with InvitationNotFound, InvitationNotOpen, OrganizationNotActive,
    AlreadyAMember; with PasswordWrong and TooManyAttempts where the address has an account, else PasswordTooWeak."""
    token = acceptance.token

    async def find(tx: Transaction) -> tuple[Invitation, Credential | None]:
        invitation = await _open_invitation(tx, clock, token)
        refuse_locked(await select_failures(tx, email_hash(invitation.email)), clock)
        return invitation, await credential_of(tx, invitation.email)

    invitation, credential = await database.read(call, find, organization=token.organization)
    if credential is None:
        # Which of the two rules holds is known only here: an account's password may be older than this one.
        is_short = len(acceptance.password) < SHORTEST
        problem = "is too short" if is_short else weakness(acceptance.password, invitation.email)
        if problem:
            raise PasswordTooWeak(problem)
        password_hash = await hasher.hash(acceptance.password)
    elif await hasher.verify(acceptance.password, credential.password_hash):
        password_hash = credential.password_hash
    else:
        await database.look_up(call, lambda tx: count_failure(tx, clock, email_hash(invitation.email)))
        raise PasswordWrong("password")

    async def effect(tx: Transaction) -> SignedUp:
        return await _join(tx, clock, acceptance, credential, password_hash)

    return await database.write(call, effect, organization=token.organization)


async def _join(
    tx: Transaction, clock: Clock, acceptance: Acceptance, credential: Credential | None, password_hash: str
) -> SignedUp:
    organization = await lock_organization(tx)
    invitation, now = await _open_invitation(tx, clock, acceptance.token), clock.now()
    if credential:
        user = User(credential.user_id, credential.email, credential.display_name)
        if await select_member(tx, user.id):
            raise AlreadyAMember
    else:
        name = name_or_default(acceptance.display_name, invitation.email)
        user = User(clock.new_id(), invitation.email, name)
        if not await insert_user(tx, user, password_hash, now):
            raise EmailTaken
    await insert_membership(tx, user.id, invitation.role, now)
    await sql.set_state(tx, invitation.id, InvitationState.ACCEPTED)
    return SignedUp(organization, user)


async def _open_invitation(tx: Transaction, clock: Clock, token: InvitationToken) -> Invitation:
    invitation = await sql.invitation_of_token(tx, token.hash)
    if invitation is None:
        raise InvitationNotFound
    refuse_not_open(invitation, clock.now())
    return invitation
