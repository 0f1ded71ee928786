"""Safety stock and reorder point of items, which can be changed."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.execute("""
        ALTER TABLE items
            ADD COLUMN safety_stock bigint NOT NULL DEFAULT 0,
            ADD COLUMN reorder_point bigint NOT NULL DEFAULT 0,
            ADD CONSTRAINT items_held_back CHECK (safety_stock >= 0 AND reorder_point >= 0)
    """)
    op.execute("CREATE INDEX items_watched ON items (organization_id, sku) WHERE reorder_point > 0")
    op.execute("GRANT UPDATE ON items TO inventory_service")
