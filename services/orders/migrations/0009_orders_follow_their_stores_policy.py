"""Unpaid orders follow what is decided of their store."""

from alembic import op

from chassis.database.migrate import service_name
from chassis.database.tenant_table import finder_may_select, protect

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    service = service_name()
    op.execute("""
        CREATE INDEX orders_unpaid_of_store ON orders (organization_id, store_id, id)
        WHERE payment_status IN ('PENDING', 'VOIDED') AND NOT pay_on_delivery AND fulfillment_status <> 'CANCELLED'
    """)
    op.execute("""
        CREATE TABLE following_stores (
            organization_id uuid NOT NULL,
            store_id uuid NOT NULL,
            after_order_id uuid NOT NULL,
            due_time timestamptz NOT NULL,
            again boolean NOT NULL,
            actor text NOT NULL,
            CONSTRAINT following_stores_pkey PRIMARY KEY (organization_id, store_id)
        )
    """)
    protect(op, "following_stores", service)
    finder_may_select(op, "following_stores", service, ("organization_id", "due_time"))
