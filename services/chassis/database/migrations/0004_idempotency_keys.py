"""Answers to calls that carried an idempotency key."""

from alembic import op

from chassis.database.migrate import service_name
from chassis.database.tenant_table import finder_may_select, protect

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    service = service_name()
    op.execute("""
        CREATE TABLE idempotency_keys (
            organization_id uuid NOT NULL,
            principal text NOT NULL,
            rpc text NOT NULL,
            key text NOT NULL,
            fingerprint bytea NOT NULL,
            answer bytea NOT NULL,
            create_time timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (organization_id, principal, rpc, key)
        )
    """)
    op.execute("CREATE INDEX ix_idempotency_keys_create_time ON idempotency_keys (create_time)")
    protect(op, "idempotency_keys", service, may="SELECT, INSERT, DELETE")
    finder_may_select(op, "idempotency_keys", service, ("organization_id", "principal", "rpc", "key", "create_time"))
