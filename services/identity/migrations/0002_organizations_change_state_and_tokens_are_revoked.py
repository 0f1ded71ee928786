"""Since when an organisation is in its state, and why; what ended before its tokens did."""

from alembic import op

from chassis.database.migrate import service_name
from chassis.database.tenant_table import finder_may_select, open_directory

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    service = service_name()
    op.execute("""
        ALTER TABLE organizations
            ADD COLUMN state_time timestamptz NOT NULL DEFAULT now(),
            ADD COLUMN state_why text NOT NULL DEFAULT ''
    """)
    op.execute("CREATE INDEX organizations_not_active ON organizations (state_time) WHERE state <> 'ACTIVE'")
    finder_may_select(op, "organizations", service, ("organization_id", "state", "state_time"))
    op.execute("""
        CREATE TABLE revocations (
            kind text NOT NULL,
            id uuid NOT NULL,
            revoke_time timestamptz NOT NULL,
            CONSTRAINT revocations_pkey PRIMARY KEY (kind, id),
            CONSTRAINT revocations_kind CHECK (kind IN ('SESSION', 'USER'))
        )
    """)
    op.execute("CREATE INDEX revocations_revoke_time ON revocations (kind, revoke_time)")
    open_directory(op, "revocations", service)
    op.execute(f"GRANT SELECT ON revocations TO {service}_finder")
