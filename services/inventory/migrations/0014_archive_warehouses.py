"""Warehouses that are put away, and where warehouses are."""

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.execute("""
        ALTER TABLE warehouses
            ADD COLUMN archived boolean NOT NULL DEFAULT false,
            ADD COLUMN address jsonb,
            ADD CONSTRAINT warehouses_archived CHECK (NOT (archived AND (open OR is_default)))
    """)
