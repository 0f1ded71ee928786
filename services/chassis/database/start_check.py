"""What a service refuses to start with: a role that policies do not bind, a schema older than the code."""

from typing import Any

import psycopg
from psycopg import sql

from chassis.database.revisions import CHASSIS_VERSIONS, SERVICE_VERSIONS, newest_chassis, newest_of

_ROLE = """
    SELECT role.rolname AS name,
        EXISTS (
            SELECT FROM pg_roles WHERE (rolsuper OR rolbypassrls) AND pg_has_role(role.oid, oid, 'MEMBER')
        ) AS bypasses,
        EXISTS (
            SELECT FROM pg_class
            WHERE relnamespace = 'public'::regnamespace AND pg_has_role(role.oid, relowner, 'MEMBER')
        ) AS owns,
        EXISTS (
            SELECT FROM pg_class
            WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
                AND has_table_privilege(role.oid, oid, 'TRUNCATE, REFERENCES, TRIGGER')
        ) AS truncates,
        ARRAY(
            SELECT name FROM pg_settings
            WHERE name IN ('transaction_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout')
                AND setting = '0'
        ) AS without
    FROM pg_roles AS role WHERE role.rolname = current_user
"""


class StartRefused(Exception):
    """The database is not as the service needs it; the message says what an administrator has to do."""


async def check_role(connection: psycopg.AsyncConnection[Any]) -> None:
    """Refuse a role that could see other organisations' rows, or whose paused transactions would last."""
    (row,) = await (await connection.execute(_ROLE)).fetchall()
    faults = {
        "is or may become a superuser or a role with BYPASSRLS": row.bypasses,
        "owns tables, or may become their owner": row.owns,
        "may TRUNCATE, or make foreign keys or triggers on, a table": row.truncates,
        f"has no {', '.join(row.without)}": bool(row.without),
    }
    found = [fault for fault, there in faults.items() if there]
    if found:
        raise StartRefused(f"the database role {row.name} {'; '.join(found)}")


async def check_schema(connection: psycopg.AsyncConnection[Any], service: str) -> None:
    """Refuse a schema older than this code's migrations; a newer one is that of the release being rolled out."""
    for table, newest in ((CHASSIS_VERSIONS, newest_chassis()), (SERVICE_VERSIONS, newest_of(service))):
        there = await _version(connection, table)
        if newest and there < newest:
            raise StartRefused(f"{table} is at {there or 'nothing'}, this code needs {newest}: run `{service} migrate`")


async def _version(connection: psycopg.AsyncConnection[Any], table: str) -> str:
    try:
        row = await (
            await connection.execute(sql.SQL("SELECT version_num FROM {}").format(sql.Identifier(table)))
        ).fetchone()
    except psycopg.errors.UndefinedTable:
        return ""
    return row.version_num if row else ""
