"""What identity tells of organisations."""

from uuid import uuid4

import pytest

from chassis.database.pool import Database
from chassis.errors import NotYet
from orders.stores.known_organization import require_organization
from orders.stores.on_identity import on_identity
from rappit.identity.v1.events_pb2 import IdentityEvent, OrganizationCreated, SessionEnded
from rappit.identity.v1.organizations_pb2 import ORGANIZATION_STATE_ACTIVE, ORGANIZATION_STATE_SUSPENDED
from tests.given.shop import message_of, open_organization


async def test_an_organisation_is_known_from_its_event_on(orders_database: Database) -> None:
    organization = uuid4()
    async with orders_database.transaction(organization) as tx:
        with pytest.raises(NotYet):
            await require_organization(tx)

    await open_organization(orders_database, organization)

    async with orders_database.transaction(organization) as tx:
        await require_organization(tx)


async def test_the_newest_state_stays(orders_database: Database) -> None:
    organization = await open_organization(orders_database)
    events = [(ORGANIZATION_STATE_SUSPENDED, 3), (ORGANIZATION_STATE_ACTIVE, 2)]

    async with orders_database.transaction(organization) as tx:
        for state, version in events:
            created = IdentityEvent(organization_created=OrganizationCreated(state=state))
            await on_identity(tx, [message_of(organization, created, str(organization), version)])
        rows = await (await tx.execute("SELECT state, version FROM organizations")).fetchall()

    assert [tuple(row) for row in rows] == [("SUSPENDED", 3)]


async def test_the_end_of_a_session_is_none_of_ours(orders_database: Database) -> None:
    organization = uuid4()
    ended = IdentityEvent(session_ended=SessionEnded(session_id=str(uuid4())))

    async with orders_database.transaction(organization) as tx:
        await on_identity(tx, [message_of(organization, ended, str(organization), 2)])
        with pytest.raises(NotYet):
            await require_organization(tx)
