"""Demands, and the units that are reserved for their lines; a reservation ends once."""

from alembic import op

from chassis.database.tenant_table import protect

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE demands (
            organization_id uuid NOT NULL,
            id uuid NOT NULL,
            owner text NOT NULL CONSTRAINT demands_owner CHECK (owner IN ('ORDERS', 'API')),
            version bigint NOT NULL,
            revision bigint NOT NULL,
            closed boolean NOT NULL,
            lines jsonb NOT NULL,
            create_time timestamptz NOT NULL,
            update_time timestamptz NOT NULL,
            PRIMARY KEY (organization_id, id),
            CONSTRAINT demands_version CHECK (version > 0 AND revision > 0)
        )
    """)
    # DELETE: a demand of which nothing came in the transaction that made it.
    protect(op, "demands", "inventory")
    op.execute("""
        CREATE TABLE reservations (
            organization_id uuid NOT NULL,
            demand_id uuid NOT NULL,
            id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
            line_id text NOT NULL,
            item_id uuid NOT NULL,
            warehouse_id uuid NOT NULL,
            quantity bigint NOT NULL,
            consumed bigint NOT NULL,
            released bigint NOT NULL,
            active boolean NOT NULL GENERATED ALWAYS AS (quantity > consumed + released) STORED,
            PRIMARY KEY (organization_id, demand_id, id),
            CONSTRAINT reservations_demand_fkey FOREIGN KEY (organization_id, demand_id) REFERENCES demands,
            CONSTRAINT reservations_level_fkey
                FOREIGN KEY (organization_id, item_id, warehouse_id) REFERENCES levels,
            CONSTRAINT reservations_quantities CHECK (quantity > 0 AND consumed >= 0 AND released >= 0),
            CONSTRAINT reservations_end_once CHECK (consumed + released <= quantity)
        )
    """)
    op.execute("""
        CREATE UNIQUE INDEX reservations_one_active
        ON reservations (organization_id, demand_id, line_id, warehouse_id) WHERE active
    """)
    op.execute("""
        CREATE INDEX reservations_of_level ON reservations (organization_id, item_id, warehouse_id) WHERE active
    """)
    protect(op, "reservations", "inventory", may="SELECT, INSERT, UPDATE")
