"""Demands that wait for units, and what wakes them."""

from alembic import op

from chassis.database.tenant_table import finder_may_select, protect

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.execute("CREATE SEQUENCE waiting_position")
    op.execute("GRANT USAGE ON SEQUENCE waiting_position TO inventory_service")
    op.execute("""
        CREATE TABLE waiting (
            organization_id uuid NOT NULL,
            item_id uuid NOT NULL,
            demand_id uuid NOT NULL,
            position bigint NOT NULL,
            units bigint NOT NULL CONSTRAINT waiting_units CHECK (units > 0),
            PRIMARY KEY (organization_id, item_id, demand_id),
            CONSTRAINT waiting_demand_fkey FOREIGN KEY (organization_id, demand_id) REFERENCES demands,
            CONSTRAINT waiting_item_fkey FOREIGN KEY (organization_id, item_id) REFERENCES items
        )
    """)
    op.execute("CREATE INDEX waiting_demand ON waiting (organization_id, demand_id)")
    op.execute("CREATE INDEX waiting_in_turn ON waiting (organization_id, item_id, units, position)")
    protect(op, "waiting", "inventory")
    finder_may_select(op, "waiting", "inventory", ("organization_id",))
    op.execute("""
        CREATE TABLE wakes (
            organization_id uuid NOT NULL,
            id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
            item_id uuid NOT NULL,
            PRIMARY KEY (organization_id, id)
        )
    """)
    protect(op, "wakes", "inventory", may="SELECT, INSERT, DELETE")
    finder_may_select(op, "wakes", "inventory", ("organization_id", "id"))
    op.execute("""
        CREATE TABLE notices (
            organization_id uuid NOT NULL,
            id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
            demand_id uuid NOT NULL,
            PRIMARY KEY (organization_id, id)
        )
    """)
    protect(op, "notices", "inventory", may="SELECT, INSERT, DELETE")
    finder_may_select(op, "notices", "inventory", ("organization_id", "id"))
