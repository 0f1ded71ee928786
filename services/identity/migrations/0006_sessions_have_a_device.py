"""What a session was last used from."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.execute("""
        ALTER TABLE sessions
            ADD COLUMN device text NOT NULL DEFAULT '' CONSTRAINT sessions_device CHECK (length(device) <= 80),
            ADD COLUMN address text NOT NULL DEFAULT '' CONSTRAINT sessions_address CHECK (length(address) <= 64)
    """)
