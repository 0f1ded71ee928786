"""Organisations, each with the warehouses that hold its stock."""

from alembic import op

from chassis.database.tenant_table import protect

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE organizations (
            organization_id uuid PRIMARY KEY,
            create_time timestamptz NOT NULL
        )
    """)
    protect(op, "organizations", "inventory", may="SELECT, INSERT")
    op.execute("""
        CREATE TABLE warehouses (
            organization_id uuid NOT NULL CONSTRAINT warehouses_organization_fkey REFERENCES organizations,
            id uuid NOT NULL,
            code text COLLATE "C" NOT NULL,
            name text NOT NULL,
            is_default boolean NOT NULL,
            open boolean NOT NULL,
            priority integer NOT NULL CONSTRAINT warehouses_priority CHECK (priority BETWEEN 0 AND 1000),
            create_time timestamptz NOT NULL,
            PRIMARY KEY (organization_id, id),
            CONSTRAINT warehouses_code_key UNIQUE (organization_id, code)
        )
    """)
    op.execute("CREATE UNIQUE INDEX warehouses_one_default ON warehouses (organization_id) WHERE is_default")
    protect(op, "warehouses", "inventory", may="SELECT, INSERT, UPDATE")
