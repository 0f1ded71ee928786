"""Orders that are taken from one warehouse alone, and wait for units there."""

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.execute("""
        ALTER TABLE organizations
            DROP CONSTRAINT organizations_sourcing,
            ADD CONSTRAINT organizations_sourcing
                CHECK (sourcing IN ('LINE_BY_LINE', 'WHOLE_FROM_ONE', 'ONLY_FROM_ONE'))
    """)
    op.execute("""
        ALTER TABLE waiting
            ADD COLUMN warehouse_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
            DROP CONSTRAINT waiting_pkey,
            ADD PRIMARY KEY (organization_id, item_id, warehouse_id, demand_id)
    """)
    op.execute("ALTER TABLE waiting ALTER COLUMN warehouse_id DROP DEFAULT")
    op.execute("DROP INDEX waiting_in_turn")
    op.execute("CREATE INDEX waiting_in_turn ON waiting (organization_id, item_id, warehouse_id, units, position)")
