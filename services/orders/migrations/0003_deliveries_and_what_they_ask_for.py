"""What deliveries led to; orders that stores deleted, orders to ask stores for, requests for people's data."""

from alembic import op

from chassis.database.migrate import service_name
from chassis.database.tenant_table import finder_may_select, protect

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    service = service_name()
    op.execute("""
        CREATE TABLE deliveries (
            organization_id uuid NOT NULL,
            event_id uuid NOT NULL,
            store_id uuid NOT NULL,
            topic text NOT NULL,
            external_id text NOT NULL,
            body_bytes bigint NOT NULL,
            body_sha256 bytea NOT NULL,
            receive_time timestamptz NOT NULL,
            outcome text NOT NULL,
            CONSTRAINT deliveries_pkey PRIMARY KEY (organization_id, event_id)
        )
    """)
    op.execute("CREATE INDEX deliveries_latest ON deliveries (organization_id, receive_time, event_id)")
    op.execute("CREATE INDEX deliveries_of_store ON deliveries (organization_id, store_id, receive_time, event_id)")
    op.execute("CREATE INDEX deliveries_old ON deliveries (receive_time)")
    protect(op, "deliveries", service)
    finder_may_select(op, "deliveries", service, ("organization_id", "event_id", "receive_time"))
    op.execute("""
        CREATE TABLE deleted_orders (
            organization_id uuid NOT NULL,
            store_id uuid NOT NULL,
            external_id text NOT NULL,
            delete_time timestamptz NOT NULL,
            CONSTRAINT deleted_orders_pkey PRIMARY KEY (organization_id, store_id, external_id)
        )
    """)
    protect(op, "deleted_orders", service, may="SELECT, INSERT, UPDATE")
    make_refetches(service)
    make_privacy_requests(service)


def make_refetches(service: str) -> None:
    op.execute("""
        CREATE TABLE refetches (
            organization_id uuid NOT NULL,
            store_id uuid NOT NULL,
            external_id text NOT NULL,
            wishes bigint NOT NULL,
            cause text NOT NULL,
            tries integer NOT NULL,
            failure text NOT NULL,
            next_try_time timestamptz,
            CONSTRAINT refetches_pkey PRIMARY KEY (organization_id, store_id, external_id)
        )
    """)
    op.execute("CREATE INDEX refetches_due ON refetches (next_try_time) WHERE next_try_time IS NOT NULL")
    protect(op, "refetches", service)
    finder_may_select(op, "refetches", service, ("organization_id", "store_id", "external_id", "next_try_time"))


def make_privacy_requests(service: str) -> None:
    op.execute("""
        CREATE TABLE privacy_requests (
            organization_id uuid NOT NULL,
            id uuid NOT NULL,
            store_id uuid NOT NULL,
            kind text NOT NULL,
            customer_external_id text NOT NULL,
            email text NOT NULL,
            order_external_ids text[] NOT NULL,
            create_time timestamptz NOT NULL,
            done_time timestamptz,
            outcome text NOT NULL,
            CONSTRAINT privacy_requests_pkey PRIMARY KEY (organization_id, id),
            CONSTRAINT privacy_requests_kind CHECK (kind IN ('DATA_REQUEST', 'CUSTOMER_REDACT', 'SHOP_REDACT')),
            CONSTRAINT privacy_requests_forget CHECK (
                done_time IS NULL OR kind = 'DATA_REQUEST' OR (customer_external_id = '' AND email = '')
            )
        )
    """)
    op.execute("CREATE INDEX privacy_requests_open ON privacy_requests (create_time) WHERE done_time IS NULL")
    protect(op, "privacy_requests", service)
    finder_may_select(op, "privacy_requests", service, ("organization_id", "id", "create_time", "done_time"))
    op.execute(f"GRANT DELETE ON customers TO {service}_service")
