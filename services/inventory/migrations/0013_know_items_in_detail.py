"""What is known of one unit of an item: category and picture, weight and size, cost, what customs ask."""

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.execute("""
        ALTER TABLE items
            ADD COLUMN category text NOT NULL DEFAULT '',
            ADD COLUMN image_url text NOT NULL DEFAULT '',
            ADD COLUMN weight_grams bigint NOT NULL DEFAULT 0,
            ADD COLUMN length_mm integer NOT NULL DEFAULT 0,
            ADD COLUMN width_mm integer NOT NULL DEFAULT 0,
            ADD COLUMN height_mm integer NOT NULL DEFAULT 0,
            ADD COLUMN unit_cost bigint,
            ADD COLUMN unit_cost_currency text NOT NULL DEFAULT '',
            ADD COLUMN hs_code text NOT NULL DEFAULT '',
            ADD COLUMN origin_country text NOT NULL DEFAULT '',
            ADD CONSTRAINT items_measures
                CHECK (weight_grams >= 0 AND length_mm >= 0 AND width_mm >= 0 AND height_mm >= 0),
            ADD CONSTRAINT items_unit_cost
                CHECK (unit_cost >= 0 AND (unit_cost IS NULL) = (unit_cost_currency = ''))
    """)
    op.execute("CREATE INDEX items_of_category ON items (organization_id, category, sku)")
