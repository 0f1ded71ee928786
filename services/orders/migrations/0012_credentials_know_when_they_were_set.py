"""An uninstall that is heard of late leaves the credentials that were set after it."""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.execute("ALTER TABLE stores ADD COLUMN api_credentials_time timestamptz")
