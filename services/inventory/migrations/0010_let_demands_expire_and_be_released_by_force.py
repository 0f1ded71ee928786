"""Demands with a time to live, and orders that lost their units by force."""

from alembic import op

from chassis.database.tenant_table import finder_may_select

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.execute("""
        ALTER TABLE demands
            ADD COLUMN expire_time timestamptz,
            ADD COLUMN expired boolean NOT NULL DEFAULT false,
            ADD COLUMN held_off boolean NOT NULL DEFAULT false,
            ADD CONSTRAINT demands_expired CHECK (NOT expired OR (closed AND expire_time IS NOT NULL))
    """)
    op.execute("""
        CREATE INDEX demands_expiring ON demands (expire_time) WHERE expire_time IS NOT NULL AND NOT closed
    """)
    finder_may_select(op, "demands", "inventory", ("organization_id", "expire_time", "closed"))
