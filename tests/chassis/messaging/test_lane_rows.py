"""The statements on lanes read what they need and no more, however much waits, also before there are statistics."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from chassis.database.pool import Database
from chassis.messaging import lane_rows
from chassis.messaging.lane_rows import _CLOSE, _HEADS, _LOCK_DUE
from tests.given.postgres import DatabaseOf
from tests.given.receiver import Receiver

WAITING = 3_000


@pytest.fixture
async def new_receiver(fresh_service_database: DatabaseOf) -> AsyncIterator[Receiver]:
    """In a database of its own: other tests' rows and statistics would choose the plans."""
    addresses = fresh_service_database("chassis")
    database = await Database.open(addresses.service, addresses.finder, service="chassis", size=2)
    yield Receiver(database)
    await database.close()


def rows_read(plan: dict[str, Any]) -> int:
    """Rows that the plan's scans looked at: those they gave, and those they threw away."""
    loops = int(plan["Actual Loops"])
    own = sum(int(plan.get(name, 0)) for name in ("Rows Removed by Filter", "Rows Removed by Join Filter"))
    given = int(plan["Actual Rows"]) if "Relation Name" in plan else 0
    return (own + given) * loops + sum(rows_read(inner) for inner in plan.get("Plans", ()))


@pytest.mark.parametrize("statement", ["lock", "heads", "close"])
async def test_a_backlog_makes_no_statement_slower(statement: str, new_receiver: Receiver) -> None:
    receiver = new_receiver
    await receiver.queue(*(receiver.event(str(n)) for n in range(WAITING)))

    async with receiver.database.transaction(receiver.organization) as tx:
        lanes = await lane_rows.lock_due(tx, receiver.name, 10)
        named = {"consumer": receiver.name, "lanes": lanes, "depth": 10, "most": 100, "bytes": 1 << 20}
        statements: dict[str, tuple[str, Any]] = {
            "lock": (_LOCK_DUE, (receiver.name, 10)),
            "heads": (_HEADS, named),
            "close": (_CLOSE, named),
        }
        text, values = statements[statement]
        (row,) = await (await tx.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {text}".encode(), values)).fetchall()

    plan = row[0] if isinstance(row[0], list) else json.loads(row[0])
    assert rows_read(plan[0]["Plan"]) <= 100


async def test_large_messages_are_read_a_few_at_a_time(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    await receiver.queue(*(receiver.event("1") for _ in range(5)))
    monkeypatch.setattr(lane_rows, "_MOST_BYTES", 1)

    async with receiver.database.transaction(receiver.organization) as tx:
        lanes = await lane_rows.lock_due(tx, receiver.name, 10)
        heads = await lane_rows.heads(tx, receiver.name, lanes, depth=10, most=100)

    assert len(heads) == 1
