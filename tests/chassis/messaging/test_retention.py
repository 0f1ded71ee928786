"""What is old is deleted, and nothing else; only by the holder of the job's lease."""

from uuid import UUID, uuid4

import pytest

from chassis.database import deletion
from chassis.database.leases import Lease, LeaseLost
from chassis.database.pool import Database
from chassis.messaging import outbox, retention
from chassis.messaging.retention import delete_done_messages, delete_idempotency_keys, delete_published_events
from tests.given.events import order_event
from tests.given.receiver import Receiver, failing_for
from tests.given.relaying import relay_lease

OLD_KEY = """
    INSERT INTO idempotency_keys (organization_id, principal, rpc, key, fingerprint, answer, create_time)
    VALUES (%s, 'user:5', 'rpc', %s, '', '', now() - make_interval(hours => %s))
"""

PUBLISHED = """
    UPDATE outbox SET publish_time = now() - make_interval(hours => %s)
    WHERE aggregateid = ANY(%s) AND organization_id = %s
"""


@pytest.fixture
async def lease(database: Database) -> Lease:
    async with database.directory() as tx:
        await tx.execute("UPDATE leases SET expire_time = now() WHERE name = 'relay'")
    return await relay_lease(database)


async def count(database: Database, organization: UUID, statement: str) -> int:
    async with database.transaction(organization) as tx:
        return (await tx.execute(statement.encode())).rowcount


async def test_published_events_go_after_a_day_and_others_never(
    database: Database, lease: Lease, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    organization = uuid4()
    async with database.transaction(organization) as tx:
        await outbox.write(tx, [order_event(organization, str(n)) for n in range(8)])
    async with database.finder() as finder:
        for hours, orders in ((25, ["0", "1", "2", "3", "4"]), (23, ["5"])):
            await finder.execute(PUBLISHED, (hours, orders, organization))

    await delete_published_events(database, lease)

    assert await count(database, organization, "SELECT FROM outbox WHERE aggregateid IN ('5', '6', '7')") == 3
    assert await count(database, organization, "SELECT FROM outbox") == 3


async def test_the_finder_cannot_delete_what_was_not_published_long_ago(database: Database) -> None:
    organization = uuid4()
    async with database.transaction(organization) as tx:
        await outbox.write(tx, [order_event(organization, "a")])
    async with database.finder() as finder:
        assert (await finder.execute("DELETE FROM outbox WHERE organization_id = %s", (organization,))).rowcount == 0
        mark = "UPDATE outbox SET publish_time = now() WHERE organization_id = %s"
        assert (await finder.execute(mark, (organization,))).rowcount == 1
        assert (await finder.execute(mark, (organization,))).rowcount == 0
        assert (await finder.execute("DELETE FROM outbox WHERE organization_id = %s", (organization,))).rowcount == 0


async def test_done_messages_go_after_thirty_days_and_others_never(
    receiver: Receiver, lease: Lease, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deletion, "BATCH", 2)
    receiver.fails = failing_for("bad", ValueError())
    await receiver.take(*(receiver.event(str(n)) for n in range(5)), receiver.event("bad"))
    await receiver.execute(
        """
        UPDATE inbox SET receive_time = now() - interval '40 days',
            done_time = now() - CASE aggregate_id WHEN '4' THEN interval '29 days' ELSE interval '31 days' END
        WHERE consumer = %s AND state = 'DONE'
        """
    )

    await delete_done_messages(receiver.database, lease)

    assert [order for order, _ in await receiver.rows()] == ["4", "bad"]


async def test_idempotency_keys_go_after_a_day(
    database: Database, lease: Lease, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deletion, "BATCH", 2)
    organizations = [uuid4() for _ in range(3)]
    for organization in organizations:
        async with database.transaction(organization) as tx:
            for hours in (23, 25, 26):
                await tx.execute(OLD_KEY, (organization, str(hours), hours))

    await delete_idempotency_keys(database, lease)

    for organization in organizations:
        assert await count(database, organization, "SELECT FROM idempotency_keys WHERE key = '23'") == 1
        assert await count(database, organization, "SELECT FROM idempotency_keys") == 1


async def test_who_lost_the_lease_deletes_nothing(database: Database, lease: Lease) -> None:
    """Trap 46."""
    organization = uuid4()
    async with database.transaction(organization) as tx:
        await tx.execute(OLD_KEY, (organization, "old", 30))
    async with database.directory() as tx:
        await tx.execute("UPDATE leases SET epoch = epoch + 1 WHERE name = 'relay'")

    for delete in (delete_idempotency_keys, delete_published_events):
        with pytest.raises(LeaseLost):
            await delete(database, lease)

    assert await count(database, organization, "SELECT FROM idempotency_keys") == 1
