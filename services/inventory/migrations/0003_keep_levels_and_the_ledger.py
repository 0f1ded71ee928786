"""Levels, none of whose units is promised twice, and the ledger, which nobody changes: not even the tables' owner."""

from alembic import op

from chassis.database.tenant_table import protect

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE levels (
            organization_id uuid NOT NULL,
            item_id uuid NOT NULL,
            warehouse_id uuid NOT NULL,
            on_hand bigint NOT NULL DEFAULT 0,
            reserved bigint NOT NULL DEFAULT 0 CONSTRAINT levels_reserved CHECK (reserved >= 0),
            damaged bigint NOT NULL DEFAULT 0 CONSTRAINT levels_damaged CHECK (damaged >= 0),
            update_time timestamptz,
            PRIMARY KEY (organization_id, item_id, warehouse_id),
            CONSTRAINT levels_item_fkey FOREIGN KEY (organization_id, item_id) REFERENCES items,
            CONSTRAINT levels_warehouse_fkey FOREIGN KEY (organization_id, warehouse_id) REFERENCES warehouses,
            CONSTRAINT levels_no_unit_twice CHECK (reserved + damaged <= on_hand)
        )
    """)
    protect(op, "levels", "inventory", may="SELECT, INSERT, UPDATE")
    op.execute("""
        CREATE TABLE ledger (
            organization_id uuid NOT NULL,
            item_id uuid NOT NULL,
            warehouse_id uuid NOT NULL,
            position bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
            kind text NOT NULL CONSTRAINT ledger_kind CHECK (
                kind IN ('ADJUSTED', 'RESERVED', 'RELEASED', 'CONSUMED', 'SHIPPED_UNRESERVED', 'FOUND')
            ),
            on_hand_delta bigint NOT NULL,
            reserved_delta bigint NOT NULL,
            damaged_delta bigint NOT NULL,
            on_hand_after bigint NOT NULL,
            reserved_after bigint NOT NULL,
            damaged_after bigint NOT NULL,
            cause text NOT NULL,
            demand_id uuid,
            actor text NOT NULL,
            impersonator text,
            note text NOT NULL,
            time timestamptz NOT NULL,
            PRIMARY KEY (organization_id, item_id, warehouse_id, position),
            CONSTRAINT ledger_level_fkey FOREIGN KEY (organization_id, item_id, warehouse_id) REFERENCES levels,
            CONSTRAINT ledger_after CHECK (reserved_after >= 0 AND damaged_after >= 0),
            CONSTRAINT ledger_no_unit_twice CHECK (reserved_after + damaged_after <= on_hand_after)
        )
    """)
    protect(op, "ledger", "inventory", may="SELECT, INSERT")
    op.execute("""
        CREATE FUNCTION refuse_to_change_the_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'the ledger is append-only: correct it by another movement'
                USING ERRCODE = 'restrict_violation';
        END
        $$
    """)
    op.execute("""
        CREATE TRIGGER ledger_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_the_ledger()
    """)
