"""What privacy requests found, of whom nothing may come back, and when a store's secrets are to be forgotten."""

from alembic import op

from chassis.database.migrate import service_name
from chassis.database.tenant_table import finder_may_select, protect

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    service = service_name()
    op.execute("""
        ALTER TABLE privacy_requests
            ADD COLUMN record_time timestamptz NOT NULL DEFAULT now(),
            ADD COLUMN after_order_id uuid,
            ADD COLUMN order_count bigint NOT NULL DEFAULT 0
    """)
    op.execute("DROP INDEX privacy_requests_open")
    op.execute("CREATE INDEX privacy_requests_open ON privacy_requests (record_time) WHERE done_time IS NULL")
    op.execute("CREATE INDEX privacy_requests_latest ON privacy_requests (organization_id, create_time, id)")
    op.execute(f"GRANT SELECT (record_time) ON privacy_requests TO {service}_finder")
    op.execute("""
        CREATE TABLE privacy_request_orders (
            organization_id uuid NOT NULL,
            request_id uuid NOT NULL,
            order_id uuid NOT NULL,
            CONSTRAINT privacy_request_orders_pkey PRIMARY KEY (organization_id, request_id, order_id),
            CONSTRAINT privacy_request_orders_request_fkey
                FOREIGN KEY (organization_id, request_id) REFERENCES privacy_requests (organization_id, id)
        )
    """)
    protect(op, "privacy_request_orders", service, may="SELECT, INSERT")
    op.execute("""
        CREATE TABLE erased_orders (
            organization_id uuid NOT NULL,
            store_id uuid NOT NULL,
            external_id text NOT NULL,
            erase_time timestamptz NOT NULL,
            CONSTRAINT erased_orders_pkey PRIMARY KEY (organization_id, store_id, external_id)
        )
    """)
    protect(op, "erased_orders", service, may="SELECT, INSERT, UPDATE")
    # The one part of a timeline that people wrote.
    op.execute(f"GRANT UPDATE (reason) ON order_timeline TO {service}_service")
    op.execute("""
        CREATE INDEX stores_old_webhook_secret ON stores (old_webhook_secret_end_time)
        WHERE old_webhook_secret_end_time IS NOT NULL
    """)
    finder_may_select(op, "stores", service, ("organization_id", "id", "old_webhook_secret_end_time"))
