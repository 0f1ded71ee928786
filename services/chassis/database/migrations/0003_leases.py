"""Who runs which job. The one table of the chassis that belongs to no organisation."""

from alembic import op

from chassis.database.migrate import service_name
from chassis.database.tenant_table import open_directory

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    service = service_name()
    op.execute("""
        CREATE TABLE leases (
            name text PRIMARY KEY,
            holder text NOT NULL,
            epoch bigint NOT NULL,
            expire_time timestamptz NOT NULL
        )
    """)
    open_directory(op, "leases", service, may="SELECT, INSERT, UPDATE")
    # FOR SHARE needs leave to update some column; the holder's name is there for people alone.
    op.execute(f"GRANT SELECT, UPDATE (holder) ON leases TO {service}_finder")
