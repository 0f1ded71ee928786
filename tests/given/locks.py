"""Seeing that one transaction waits for another, so that a test meets a race on purpose."""

from chassis.database.pool import Database


async def waits_for(database: Database, process: int) -> None:
    """Returns when somebody waits for a lock that this server process holds."""
    async with database.directory() as tx:
        found = "SELECT FROM pg_locks WHERE NOT granted AND %s = ANY(pg_blocking_pids(pid))"
        while not (await tx.execute(found, (process,))).rowcount:
            await tx.execute("SELECT pg_stat_clear_snapshot()")
