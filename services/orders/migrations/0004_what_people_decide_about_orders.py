"""What people decide: orders without a store, edits, holds, notes, tags, mappings by hand; and waiting for payment."""

import unicodedata

from alembic import op
from sqlalchemy import text

from chassis.database.migrate import service_name
from chassis.database.tenant_table import finder_may_select, protect

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    service = service_name()
    change_orders(service)
    change_lines()
    make_holds_and_notes(service)
    make_mappings(service)


def change_orders(service: str) -> None:
    op.execute("""
        ALTER TABLE customers
            ALTER COLUMN store_id DROP NOT NULL,
            ADD CONSTRAINT customers_known_to_store CHECK (store_id IS NOT NULL OR external_id IS NULL)
    """)
    op.execute("""
        ALTER TABLE orders
            ALTER COLUMN store_id DROP NOT NULL,
            ADD COLUMN pay_on_delivery boolean NOT NULL DEFAULT false,
            ADD COLUMN awaiting_payment boolean NOT NULL DEFAULT false,
            ADD COLUMN reservation_due_time timestamptz,
            ADD COLUMN own_tags text[] NOT NULL DEFAULT '{}',
            ADD COLUMN hold_count integer NOT NULL DEFAULT 0,
            ADD CONSTRAINT orders_source CHECK ((source = 'manual') = (store_id IS NULL)),
            ADD CONSTRAINT orders_hold_count CHECK (hold_count >= 0),
            DROP CONSTRAINT orders_fulfillment_status,
            ADD CONSTRAINT orders_fulfillment_status CHECK (fulfillment_status IN (
                'NEW', 'RESERVED', 'SHORT', 'NOTHING_TO_SHIP', 'CANCELLED', 'AWAITING_PAYMENT'
            ))
    """)
    op.execute("CREATE INDEX orders_latest_on_hold ON orders (organization_id, order_time, id) WHERE hold_count > 0")
    op.execute("""
        CREATE INDEX orders_reservation_due ON orders (reservation_due_time)
        WHERE reservation_due_time IS NOT NULL AND NOT awaiting_payment
    """)
    finder_may_select(op, "orders", service, ("organization_id", "reservation_due_time", "awaiting_payment"))


def change_lines() -> None:
    op.execute("""
        ALTER TABLE order_lines
            ADD COLUMN in_store boolean NOT NULL DEFAULT true,
            ADD COLUMN edit_base bigint,
            ADD COLUMN edit_wanted bigint,
            ADD COLUMN edit_sku text,
            ADD COLUMN candidates text[] NOT NULL DEFAULT '{}',
            ADD COLUMN sku_key text NOT NULL DEFAULT '',
            ADD CONSTRAINT order_lines_edit CHECK (
                (edit_base IS NULL) = (edit_wanted IS NULL) AND (edit_base IS NOT NULL OR edit_sku IS NULL)
                AND edit_base >= 0 AND edit_wanted >= 0
            )
    """)
    fill_keys("order_lines")
    op.execute("ALTER TABLE order_lines ALTER COLUMN sku_key DROP DEFAULT")
    op.execute("DROP INDEX order_lines_unmapped")
    op.execute("""
        CREATE INDEX order_lines_unmapped ON order_lines (organization_id, sku_key)
        WHERE kind = 'STOCKED' AND item_id IS NULL
    """)


def make_holds_and_notes(service: str) -> None:
    op.execute("""
        CREATE TABLE order_holds (
            organization_id uuid NOT NULL,
            order_id uuid NOT NULL,
            id uuid NOT NULL,
            reason text NOT NULL,
            owner text NOT NULL,
            note text NOT NULL,
            actor text NOT NULL,
            create_time timestamptz NOT NULL,
            PRIMARY KEY (organization_id, order_id, id),
            CONSTRAINT order_holds_order_fkey
                FOREIGN KEY (organization_id, order_id) REFERENCES orders (organization_id, id)
        )
    """)
    protect(op, "order_holds", service)
    op.execute("""
        CREATE TABLE order_notes (
            organization_id uuid NOT NULL,
            order_id uuid NOT NULL,
            id uuid NOT NULL,
            text text NOT NULL,
            actor text NOT NULL,
            create_time timestamptz NOT NULL,
            PRIMARY KEY (organization_id, order_id, id),
            CONSTRAINT order_notes_order_fkey
                FOREIGN KEY (organization_id, order_id) REFERENCES orders (organization_id, id)
        )
    """)
    protect(op, "order_notes", service, may="SELECT, INSERT, DELETE")
    op.execute("""
        ALTER TABLE order_timeline
            ADD COLUMN reason text NOT NULL DEFAULT '',
            ADD COLUMN old_value text NOT NULL DEFAULT '',
            ADD COLUMN new_value text NOT NULL DEFAULT ''
    """)


def make_mappings(service: str) -> None:
    op.execute("ALTER TABLE items ADD COLUMN sku_key text NOT NULL DEFAULT ''")
    fill_keys("items")
    move_unfinished(service)
    op.execute("ALTER TABLE items ALTER COLUMN sku_key DROP DEFAULT")
    op.execute("DROP INDEX items_sku")
    op.execute("CREATE INDEX items_sku_key ON items (organization_id, sku_key)")
    op.execute("""
        CREATE TABLE sku_mappings (
            organization_id uuid NOT NULL,
            sku text NOT NULL,
            item_id uuid NOT NULL,
            actor text NOT NULL,
            create_time timestamptz NOT NULL,
            PRIMARY KEY (organization_id, sku),
            CONSTRAINT sku_mappings_item_fkey
                FOREIGN KEY (organization_id, item_id) REFERENCES items (organization_id, id)
        )
    """)
    protect(op, "sku_mappings", service)


def move_unfinished(service: str) -> None:
    op.execute("""
        CREATE TABLE unfinished_skus (
            organization_id uuid NOT NULL,
            sku_key text NOT NULL,
            after_order_id uuid NOT NULL,
            PRIMARY KEY (organization_id, sku_key)
        )
    """)
    for table in ("items", "unfinished_items"):
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute("""
        INSERT INTO unfinished_skus (organization_id, sku_key, after_order_id)
        SELECT DISTINCT i.organization_id, i.sku_key, '00000000-0000-0000-0000-000000000000'::uuid
        FROM unfinished_items AS u JOIN items AS i ON i.organization_id = u.organization_id AND i.id = u.item_id
    """)
    op.execute("ALTER TABLE items FORCE ROW LEVEL SECURITY")
    op.execute("DROP TABLE unfinished_items")
    protect(op, "unfinished_skus", service)
    finder_may_select(op, "unfinished_skus", service, ("organization_id",))


def fill_keys(table: str) -> None:
    """Each row's normal SKU, as orders/mappings/sku.py made it when this was written. Policies bind the owner too."""
    op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    connection = op.get_bind()
    skus = list(connection.execute(text(f"SELECT DISTINCT sku FROM {table}")).scalars())  # noqa: S608
    values = {"skus": skus, "keys": [sku_key(sku) for sku in skus]}
    connection.execute(
        text(f"""
            UPDATE {table} SET sku_key = known.key
            FROM unnest(CAST(:skus AS text[]), CAST(:keys AS text[])) AS known (sku, key) WHERE {table}.sku = known.sku
        """),  # noqa: S608
        values,
    )
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def sku_key(sku: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", sku).casefold())
    return " ".join(folded.split())
