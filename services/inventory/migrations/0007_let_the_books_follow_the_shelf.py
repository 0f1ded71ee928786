"""Units in quarantine, counts, and levels that are to be counted."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.execute("""
        ALTER TABLE levels
            ADD COLUMN quarantined bigint NOT NULL DEFAULT 0,
            ADD COLUMN count_due boolean NOT NULL DEFAULT false,
            ADD CONSTRAINT levels_quarantined CHECK (quarantined >= 0),
            DROP CONSTRAINT levels_no_unit_twice,
            ADD CONSTRAINT levels_no_unit_twice CHECK (reserved + damaged + quarantined <= on_hand)
    """)
    op.execute("""
        ALTER TABLE ledger
            ADD COLUMN quarantined_delta bigint NOT NULL DEFAULT 0,
            ADD COLUMN quarantined_after bigint NOT NULL DEFAULT 0,
            DROP CONSTRAINT ledger_kind,
            ADD CONSTRAINT ledger_kind CHECK (kind IN (
                'ADJUSTED', 'RESERVED', 'RELEASED', 'CONSUMED', 'SHIPPED_UNRESERVED', 'FOUND', 'COUNTED',
                'CONDITION_CHANGED'
            )),
            DROP CONSTRAINT ledger_after,
            ADD CONSTRAINT ledger_after CHECK (reserved_after >= 0 AND damaged_after >= 0 AND quarantined_after >= 0),
            DROP CONSTRAINT ledger_no_unit_twice,
            ADD CONSTRAINT ledger_no_unit_twice
                CHECK (reserved_after + damaged_after + quarantined_after <= on_hand_after)
    """)
