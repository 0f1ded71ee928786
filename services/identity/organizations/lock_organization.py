"""Holds an organisation's row, so that what is decided about its people is decided one after the other."""

from chassis.database.transaction import Transaction
from identity.errors import NotAMember, OrganizationNotActive
from identity.organizations import sql
from identity.organizations.organization import Organization


async def lock_organization(tx: Transaction) -> Organization:
    """The transaction's organisation, held until the commit. Refused with NotAMember and OrganizationNotActive."""
    organization = await sql.select_organization(tx, lock=True)
    if organization is None:
        raise NotAMember
    if not organization.state.may_act:
        raise OrganizationNotActive(organization.state.value)
    return organization
