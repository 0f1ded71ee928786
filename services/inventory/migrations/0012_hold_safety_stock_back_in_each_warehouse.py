"""Safety stock of an item in one warehouse."""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.execute("""
        ALTER TABLE levels
            ADD COLUMN safety_stock bigint NOT NULL DEFAULT 0,
            ADD CONSTRAINT levels_safety_stock CHECK (safety_stock >= 0)
    """)
