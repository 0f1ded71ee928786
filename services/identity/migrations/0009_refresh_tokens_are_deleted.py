"""Refresh tokens of sessions that are over are deleted before these: one session may have thousands."""

from alembic import op

from chassis.database.migrate import service_name

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.execute(f"GRANT DELETE ON refresh_tokens TO {service_name()}_service")
