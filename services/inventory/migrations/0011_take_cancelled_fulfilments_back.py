"""Units come back to the shelf when the fulfilment that they left with is cancelled."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.execute("""
        ALTER TABLE ledger
            DROP CONSTRAINT ledger_kind,
            ADD CONSTRAINT ledger_kind CHECK (kind IN (
                'ADJUSTED', 'RESERVED', 'RELEASED', 'CONSUMED', 'SHIPPED_UNRESERVED', 'FOUND', 'COUNTED',
                'CONDITION_CHANGED', 'FULFILLMENT_CANCELLED'
            ))
    """)
