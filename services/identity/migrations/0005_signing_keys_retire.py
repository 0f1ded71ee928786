"""A signing key is followed by another, retires, and is deleted."""

from alembic import op

from chassis.database.migrate import service_name

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.execute(f"GRANT UPDATE (retire_time), DELETE ON signing_keys TO {service_name()}_service")
