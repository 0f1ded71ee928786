"""ListOrganizations: where a person may work."""

from uuid import UUID

from chassis.database.pool import Database
from chassis.rpc.context import Call
from identity.organizations.get_organization import get_organization
from identity.organizations.organization import Organization
from identity.roles.sql import organizations_of

_FIRST = UUID(int=0)


async def list_organizations(
    database: Database, call: Call, user_id: UUID, *, after: UUID | None = None, limit: int
) -> tuple[list[Organization], bool]:
    """At most so many organisations of a person after one, by id, and whether there are more.

    One transaction for each: no transaction sees two organisations, and people are in few.
    """
    ids = await database.look_up(call, lambda tx: organizations_of(tx, user_id, after or _FIRST, limit + 1))
    shown = [await database.read(call, get_organization, organization=each) for each in ids[:limit]]
    return shown, len(ids) > limit
