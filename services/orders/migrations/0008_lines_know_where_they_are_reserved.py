"""Lines know where their units are reserved, and why there; orders a shipping address that was given here."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.execute("ALTER TABLE order_lines ADD COLUMN reserved_at jsonb NOT NULL DEFAULT '[]'")
    op.execute("ALTER TABLE orders ADD COLUMN own_shipping_address jsonb")
