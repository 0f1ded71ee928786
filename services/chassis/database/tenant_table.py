"""Tables that hold an organisation's rows, and the policy without which none of them is made.

`tables.py` declares with `tenant_table` and `directory_table`; migrations make the table and call `protect` in the same
step, and name each column that the finder role may read.
"""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from sqlalchemy import Column, MetaData, PrimaryKeyConstraint, Table, Uuid
from sqlalchemy.schema import SchemaItem

# NULL and '' (what is left of a transaction's setting when it has ended) are no organisation: no rows, and no error.
THIS_ORGANIZATION = "organization_id = nullif(current_setting('app.organization', true), '')::uuid"


class Runs(Protocol):
    """What can run a statement of a migration: alembic's `op`."""

    def execute(self, sqltext: str, /) -> None:
        """Run it."""


def tenant_table(metadata: MetaData, name: str, *parts: SchemaItem, primary_key: Sequence[str] = ("id",)) -> Table:
    """A table whose key begins with the organisation. Unique and foreign keys among `parts` must begin with it too."""
    organization: Column[UUID] = Column("organization_id", Uuid, nullable=False)
    key = PrimaryKeyConstraint("organization_id", *primary_key, name=f"{name}_pkey")
    return Table(name, metadata, organization, *parts, key, info={"tenant": True})


def directory_table(metadata: MetaData, name: str, *parts: SchemaItem) -> Table:
    """A table that is read before the organisation is known, or that has none; its service's DIRECTORY lists it."""
    return Table(name, metadata, *parts, info={"tenant": False})


def protect(op: Runs, table: str, service: str, *, may: str = "SELECT, INSERT, UPDATE, DELETE") -> None:
    """Close a tenant table to every role, its owner too, and open an organisation's own rows to the service's role."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    policy = f"USING ({THIS_ORGANIZATION}) WITH CHECK ({THIS_ORGANIZATION})"
    op.execute(f"CREATE POLICY tenant ON {table} TO {service}_service {policy}")
    op.execute(f"GRANT {may} ON {table} TO {service}_service")


def open_directory(op: Runs, table: str, service: str, *, may: str = "SELECT, INSERT, UPDATE, DELETE") -> None:
    """Let the service's role into a directory table, which has no policy."""
    op.execute(f"GRANT {may} ON {table} TO {service}_service")


def finder_may_select(op: Runs, table: str, service: str, columns: Sequence[str]) -> None:
    """Let the finder role read these columns of every organisation's rows: ids and times, never what people wrote."""
    op.execute(f"CREATE POLICY finder_select ON {table} FOR SELECT TO {service}_finder USING (true)")
    op.execute(f"GRANT SELECT ({', '.join(columns)}) ON {table} TO {service}_finder")
