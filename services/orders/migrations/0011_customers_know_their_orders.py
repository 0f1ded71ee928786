"""Whoever forgets a customer asks which orders name them: by an index, not through all orders."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.execute("""
        CREATE INDEX orders_of_customer ON orders (organization_id, customer_id) WHERE customer_id IS NOT NULL
    """)
