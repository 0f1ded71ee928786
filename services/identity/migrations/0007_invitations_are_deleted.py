"""Invitations that are over long ago are found and deleted."""

from alembic import op

from chassis.database.migrate import service_name
from chassis.database.tenant_table import finder_may_select

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    service = service_name()
    op.execute("CREATE INDEX invitations_expire_time ON invitations (expire_time)")
    op.execute(f"GRANT DELETE ON invitations TO {service}_service")
    finder_may_select(op, "invitations", service, ("organization_id", "id", "expire_time"))
