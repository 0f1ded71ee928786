"""Seeing that one transaction waits for another, so that a test meets a race on purpose."""

from chassis.database.pool import Database


async def waits_for(database: Database, process: int, count: int = 1) -> None:
    """Returns when so many wait for a lock that this server process holds, one behind the other perhaps."""
    async with database.directory() as tx:
        found = """
            WITH RECURSIVE waiting (pid) AS (
                SELECT pid FROM pg_locks WHERE NOT granted AND %(process)s = ANY(pg_blocking_pids(pid))
                UNION
                SELECT behind.pid FROM pg_locks AS behind, waiting
                WHERE NOT behind.granted AND waiting.pid = ANY(pg_blocking_pids(behind.pid))
            )
            SELECT FROM waiting"""
        while (await tx.execute(found, {"process": process})).rowcount < count:
            await tx.execute("SELECT pg_stat_clear_snapshot()")
