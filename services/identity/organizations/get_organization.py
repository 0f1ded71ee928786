"""GetOrganization."""

from chassis.database.transaction import Transaction
from identity.errors import NotAMember
from identity.organizations import sql
from identity.organizations.organization import Organization


async def get_organization(tx: Transaction) -> Organization:
    """The caller's organisation. A token names one that exists; should it not, its bearer belongs to none."""
    organization = await sql.select_organization(tx)
    if organization is None:
        raise NotAMember
    return organization
