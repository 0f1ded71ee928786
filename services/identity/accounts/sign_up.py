"""SignUp: an organisation and its first admin, in one commit."""

from dataclasses import dataclass

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from chassis.messaging import outbox
from identity.accounts import sql
from identity.accounts.account import NewAccount, User, canonical_email, name_or_default
from identity.accounts.events import organization_created
from identity.errors import EmailTaken
from identity.organizations.organization import Organization, State
from identity.organizations.sql import insert_organization
from identity.roles.role import Role
from identity.roles.sql import insert_membership


@dataclass(frozen=True, slots=True)
class SignedUp:
    """What a sign-up made."""

    organization: Organization
    user: User


async def sign_up(tx: Transaction, clock: Clock, new: NewAccount, cause: str) -> SignedUp:
    """Make the transaction's organisation with its first admin. Refused with EmailTaken."""
    now = clock.now()
    user = User(clock.new_id(), canonical_email(new.email), name_or_default(new.display_name, new.email))
    organization = Organization(tx.organization, new.organization_name, State.ACTIVE, version=1, create_time=now)
    if not await sql.insert_user(tx, user, new.password_hash, now):
        raise EmailTaken
    await insert_organization(tx, organization)
    await insert_membership(tx, user.id, Role.ADMIN, now)
    await outbox.write(tx, [organization_created(tx, clock, organization, cause)])
    return SignedUp(organization, user)
