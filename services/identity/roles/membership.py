"""Who may act in an organisation."""

from uuid import UUID

from chassis.database.transaction import Transaction
from identity.errors import NotAMember, OrganizationNotActive
from identity.roles import sql
from identity.roles.role import Role


async def require_member(tx: Transaction, user_id: UUID) -> Role:
    """The role of a person in the transaction's organisation.

    Refused with NotAMember, also where there is no such organisation, and with OrganizationNotActive.
    """
    standing = await sql.standing_of(tx, user_id)
    if standing is None or standing.role is None:
        raise NotAMember
    if not standing.state.may_act:
        raise OrganizationNotActive(standing.state.value)
    return standing.role
