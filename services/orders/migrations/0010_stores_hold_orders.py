"""Holds of stores beside those of people; what stores say of risk, also before they say the order."""

from alembic import op

from chassis.database.migrate import service_name
from chassis.database.tenant_table import protect

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    service = service_name()
    op.execute("""
        ALTER TABLE orders
            ADD COLUMN store_on_hold boolean NOT NULL DEFAULT false,
            ADD COLUMN high_risk boolean NOT NULL DEFAULT false,
            ADD COLUMN store_holds text[] NOT NULL DEFAULT '{}',
            ADD COLUMN released_store_holds text[] NOT NULL DEFAULT '{}'
    """)
    op.execute("ALTER TABLE order_holds ADD COLUMN of_store boolean NOT NULL DEFAULT false")
    op.execute("""
        CREATE UNIQUE INDEX order_holds_of_store ON order_holds (organization_id, order_id, reason) WHERE of_store
    """)
    op.execute("""
        CREATE TABLE order_risks (
            organization_id uuid NOT NULL,
            store_id uuid NOT NULL,
            external_id text NOT NULL,
            assessor text NOT NULL,
            assess_time timestamptz NOT NULL,
            high boolean NOT NULL,
            CONSTRAINT order_risks_pkey PRIMARY KEY (organization_id, store_id, external_id, assessor)
        )
    """)
    protect(op, "order_risks", service, may="SELECT, INSERT, UPDATE")
    # Addresses that were given here stand there too.
    op.execute(f"GRANT UPDATE (old_value, new_value) ON order_timeline TO {service}_service")
