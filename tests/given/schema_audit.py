"""Holds a migrated database against its code: the tables that are declared, and the policies that each must have."""

from typing import Any

import psycopg
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from psycopg.rows import namedtuple_row
from sqlalchemy import MetaData, create_engine

from chassis.database.revisions import CHASSIS_VERSIONS, SERVICE_VERSIONS

VERSIONS = frozenset({CHASSIS_VERSIONS, SERVICE_VERSIONS})
THIS_ORGANIZATION = "(organization_id = (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid)"

# All that the finder role may do besides reading columns: (table, command) -> its condition.
FINDER_POLICIES = {
    ("outbox", "w"): "(publish_time IS NULL)",
    ("outbox", "d"): "(publish_time < (now() - '1 day'::interval))",
}
FINDER_CHANGES = {("outbox", "publish_time"), ("leases", "holder")}

_TABLES = """
    SELECT c.relname AS name, c.relrowsecurity AND c.relforcerowsecurity AS forced, EXISTS (
        SELECT FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attname = 'organization_id' AND a.atttypid = 'uuid'::regtype AND a.attnotnull
    ) AS owned
    FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'f')
"""

_POLICIES = """
    SELECT c.relname AS name, p.polname AS policy, p.polpermissive AS permissive, p.polcmd::text AS command,
        ARRAY(SELECT CASE r WHEN 0 THEN 'public' ELSE r::regrole::text END FROM unnest(p.polroles) r) AS roles,
        pg_get_expr(p.polqual, p.polrelid) AS condition, pg_get_expr(p.polwithcheck, p.polrelid) AS check
    FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
"""

_UNIQUE = """
    SELECT c.relname AS name, i.relname AS index, coalesce(a.attname, 'an expression') AS first
    FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
    LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = x.indkey[0] AND a.attnum > 0
    WHERE c.relnamespace = 'public'::regnamespace AND (x.indisunique OR x.indisexclusion)
"""

_FOREIGN = """
    SELECT c.relname AS name, f.relname AS target, k.conname AS key, a.attname AS first, b.attname AS target_first
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class f ON f.oid = k.confrelid
    JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
    JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = k.confkey[1]
    WHERE k.contype = 'f'
"""

_DOORS = """
    SELECT 'view ' || relname || ' runs with its owner''s rights' AS fault FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'v'
        AND NOT coalesce('security_invoker=true' = ANY(reloptions), false)
    UNION ALL
    SELECT 'materialized view ' || relname || ' has no policy' FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'm'
    UNION ALL
    SELECT 'function ' || proname || ' is SECURITY DEFINER' FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace AND prosecdef
    UNION ALL
    SELECT table_name || ': ' || grantee || ' may ' || privilege_type FROM information_schema.table_privileges
    WHERE table_schema = 'public' AND grantee <> %(owner)s AND (
        grantee NOT IN (%(service)s, %(finder)s)
        OR privilege_type IN ('TRUNCATE', 'REFERENCES', 'TRIGGER')
        OR grantee = %(finder)s AND privilege_type NOT IN ('SELECT', 'DELETE')
        OR grantee = %(finder)s AND privilege_type = 'DELETE' AND table_name <> 'outbox'
    )
"""

_COLUMNS = """
    SELECT table_name, column_name, privilege_type FROM information_schema.column_privileges
    WHERE table_schema = 'public' AND grantee = %s AND privilege_type <> 'SELECT'
"""


def differences(url: str, *declared: MetaData) -> list[str]:
    """What a migration would have to change so that the database is as these tables say."""
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(url))
    try:
        with engine.connect() as connection:
            options = {"include_object": lambda _, name, kind, *__: kind != "table" or name not in VERSIONS}
            context = MigrationContext.configure(connection, opts={"compare_type": True, **options})
            return [repr(each) for each in compare_metadata(context, list(declared))]  # type: ignore[arg-type]
    finally:
        engine.dispose()


def violations(connection: psycopg.Connection[Any], service: str, directory: frozenset[str]) -> list[str]:
    """Tables that are not closed as they must be, seen by their owner."""
    roles = {role: f"{service}_{role}" for role in ("owner", "service", "finder")}
    cursor: psycopg.Cursor[Any] = connection.cursor(row_factory=namedtuple_row)
    tables = {row.name: row for row in cursor.execute(_TABLES) if row.name not in VERSIONS}
    policies = cursor.execute(_POLICIES).fetchall()
    unique = cursor.execute(_UNIQUE).fetchall()
    foreign = cursor.execute(_FOREIGN).fetchall()
    doors = cursor.execute(_DOORS, roles).fetchall()
    changes = cursor.execute(_COLUMNS, (roles["finder"],)).fetchall()
    tenants = tables.keys() - directory
    closed = {row.name for row in policies if row.roles == [roles["service"]] and _is_tenants(row)}
    found = [f"{name} is a directory table and is not there" for name in directory - tables.keys()]
    found += [f"{name} has no organization_id" for name in tenants if not tables[name].owned]
    found += [f"{name} does not force row-level security" for name in tenants if not tables[name].forced]
    found += [f"{name} has no policy of its tenant" for name in tenants - closed]
    found += [fault for row in policies if (fault := _fault_of(row, roles))]
    found += [
        f"{row.name}: unique index {row.index} begins with {row.first}"
        for row in unique
        if row.name in tenants and row.first != "organization_id"
    ]
    found += [
        f"{row.name}: foreign key {row.key} does not carry the organisation"
        for row in foreign
        if row.target in tenants and (row.first, row.target_first) != ("organization_id", "organization_id")
    ]
    found += [row.fault for row in doors]
    found += [
        f"{row.table_name}: the finder may {row.privilege_type} {row.column_name}"
        for row in changes
        if (row.table_name, row.column_name) not in FINDER_CHANGES
    ]
    return sorted(found)


def _is_tenants(policy: Any) -> bool:
    return (policy.command, policy.condition, policy.check) == ("*", THIS_ORGANIZATION, THIS_ORGANIZATION)


def _fault_of(policy: Any, roles: dict[str, str]) -> str:
    """What is wrong with a policy that lets rows through; one that only restricts harms nobody."""
    wanted = "true" if policy.command == "r" else FINDER_POLICIES.get((policy.name, policy.command))
    if not policy.permissive:
        return ""
    if policy.roles == [roles["service"]]:
        return "" if _is_tenants(policy) else f"{policy.name}: policy {policy.policy} is not that of a tenant table"
    if policy.roles == [roles["finder"]]:
        return "" if policy.condition == wanted else f"{policy.name}: policy {policy.policy} lets the finder do more"
    return f"{policy.name}: policy {policy.policy} is for {', '.join(policy.roles)}"
