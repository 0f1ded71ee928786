"""SKUs of which people said something new: their lines follow, except where the item was named itself."""

from alembic import op

from chassis.database.migrate import service_name
from chassis.database.tenant_table import finder_may_select, protect

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    service = service_name()
    op.execute("ALTER TABLE order_lines ADD COLUMN item_given boolean NOT NULL DEFAULT false")
    op.execute("""
        CREATE INDEX order_lines_of_sku ON order_lines (organization_id, sku_key)
        WHERE kind = 'STOCKED' AND NOT item_given AND (fulfilled = 0 OR item_id IS NULL)
    """)
    op.execute("""
        CREATE TABLE moving_skus (
            organization_id uuid NOT NULL,
            sku text NOT NULL,
            actor text NOT NULL,
            until_time timestamptz NOT NULL,
            CONSTRAINT moving_skus_pkey PRIMARY KEY (organization_id, sku)
        )
    """)
    protect(op, "moving_skus", service)
    finder_may_select(op, "moving_skus", service, ("organization_id",))
