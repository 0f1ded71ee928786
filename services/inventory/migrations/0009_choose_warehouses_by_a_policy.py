"""How an organisation chooses warehouses, why each reservation is where it is, and warehouses that can be changed."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.execute("""
        ALTER TABLE organizations
            ADD COLUMN sourcing text NOT NULL DEFAULT 'LINE_BY_LINE',
            ADD COLUMN take_partly boolean NOT NULL DEFAULT false,
            ADD COLUMN sourcing_version bigint NOT NULL DEFAULT 1,
            ADD CONSTRAINT organizations_sourcing CHECK (sourcing IN ('LINE_BY_LINE', 'WHOLE_FROM_ONE'))
    """)
    op.execute("ALTER TABLE warehouses ADD COLUMN version bigint NOT NULL DEFAULT 1")
    op.execute("ALTER TABLE reservations ADD COLUMN why text NOT NULL DEFAULT ''")
