"""An organisation that signed up is recorded with its default warehouse."""

from uuid import uuid4

from chassis.clock import SystemClock
from chassis.database.pool import Database
from chassis.messaging.envelope import Message, new_header
from inventory.warehouses.on_identity import on_identity
from inventory.warehouses.record_organization import record_organization
from rappit.identity.v1.events_pb2 import IdentityEvent, SessionEnded
from tests.given.stock import Stockroom, make_stockroom


async def test_it_has_one_open_default_warehouse(room: Stockroom) -> None:
    (main,) = await room.rows("SELECT code, is_default, open, priority FROM warehouses")

    assert main == ("MAIN", True, True, 100)


async def test_told_twice_it_is_recorded_once(room: Stockroom, inventory: Database) -> None:
    await make_stockroom(inventory, room.organization)
    async with inventory.transaction(room.organization) as tx:
        assert not await record_organization(tx, room.clock)

    assert [row.id for row in await room.rows("SELECT id FROM warehouses")] == [room.main]


async def test_the_end_of_a_session_records_nothing(inventory: Database) -> None:
    organization, clock = uuid4(), SystemClock()
    async with inventory.transaction(organization) as tx:
        header = new_header(tx, clock, organization, 1, "test")
        event = IdentityEvent(header=header, session_ended=SessionEnded(session_id=str(uuid4())))
        await on_identity(
            clock, tx, [Message(event, uuid4(), organization, str(organization), 1, clock.now(), "test", "")]
        )
        assert (await tx.execute("SELECT FROM organizations")).rowcount == 0
