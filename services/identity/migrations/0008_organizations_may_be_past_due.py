"""An organisation that owes money works on, and its people see that it does."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.execute("""
        ALTER TABLE organizations
            DROP CONSTRAINT organizations_state,
            ADD CONSTRAINT organizations_state CHECK (state IN ('ACTIVE', 'PAST_DUE', 'SUSPENDED', 'CLOSED'))
    """)
