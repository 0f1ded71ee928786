"""The yardsticks as processes beside RAPPIT's own: started, waited for, ended."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from laptop.postgres import BINARIES
from laptop.system import System

_HOT_ROW = """
CREATE TABLE IF NOT EXISTS hot (id int PRIMARY KEY, reserved bigint NOT NULL);
CREATE TABLE IF NOT EXISTS moved (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, hot int, delta int);
INSERT INTO hot VALUES (1, 0) ON CONFLICT DO NOTHING;
"""
_ONE_ROW_LOCKED = """
BEGIN;
SELECT reserved FROM hot WHERE id = 1 FOR UPDATE;
UPDATE hot SET reserved = reserved + 1 WHERE id = 1;
INSERT INTO moved (hot, delta) VALUES (1, 1);
COMMIT;
"""


@asynccontextmanager
async def running(module: str, *arguments: str) -> AsyncIterator[int]:
    """A yardstick that serves, from when it says "ready" until the block ends; its process id."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", f"tests.bench.yardsticks.{module}", *arguments, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n", f"{module} did not start"
        yield process.pid
    finally:
        process.kill()
        await process.wait()


async def row_lock_transactions(system: System, seconds: float) -> float:
    """Transactions per second of pgbench: 16 clients that each lock one row, update it and insert one, durably."""
    url = system.postgres.url()
    async with await psycopg.AsyncConnection.connect(url) as connection:
        await connection.execute(_HOT_ROW.encode())
    script = system.folder / "row_lock.sql"
    await asyncio.to_thread(script.write_text, _ONE_ROW_LOCKED)
    process = await asyncio.create_subprocess_exec(
        str(BINARIES / "pgbench"),
        *(
            "--client=16",
            "--jobs=2",
            f"--time={seconds:.0f}",
            "--protocol=prepared",
            "--no-vacuum",
            "--file",
            str(script),
        ),
        url,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    printed, problems = await process.communicate()
    found = re.search(rb"tps = ([0-9.]+)", printed)
    assert found is not None, problems.decode()
    return float(found[1])


@asynccontextmanager
async def topic_for(system: System, name: str) -> AsyncIterator[str]:
    """A topic with as many partitions as ours have, while the block lasts."""
    admin = AIOKafkaAdminClient(bootstrap_servers=system.kafka.bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(name, num_partitions=12, replication_factor=1)])
        yield name
        await admin.delete_topics([name])
    finally:
        await admin.close()
