"""How many warehouses an organisation has, so that whoever shares them notices one that was made meanwhile."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    # Their owner sees rows of all organisations only while their policies do not bind it.
    for table in ("organizations", "warehouses"):
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE organizations ADD COLUMN warehouse_count integer NOT NULL DEFAULT 1")
    op.execute("""
        UPDATE organizations SET warehouse_count = (
            SELECT count(*) FROM warehouses WHERE warehouses.organization_id = organizations.organization_id
        )
    """)
    for table in ("organizations", "warehouses"):
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute("GRANT UPDATE ON organizations TO inventory_service")
