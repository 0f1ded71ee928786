"""Stores, the items that lines take, and orders."""

from alembic import op

from chassis.database.migrate import service_name
from chassis.database.tenant_table import finder_may_select, open_directory, protect

revision = "0001"
down_revision = None


def upgrade() -> None:
    service = service_name()
    make_stores(service)
    make_items(service)
    make_orders(service)
    make_lines(service)
    make_terms_and_timeline(service)


def make_stores(service: str) -> None:
    op.execute("""
        CREATE TABLE organizations (
            organization_id uuid PRIMARY KEY,
            state text NOT NULL,
            version bigint NOT NULL,
            CONSTRAINT organizations_state CHECK (state IN ('ACTIVE', 'SUSPENDED', 'CLOSED'))
        )
    """)
    protect(op, "organizations", service, may="SELECT, INSERT, UPDATE")
    op.execute("""
        CREATE TABLE stores (
            organization_id uuid NOT NULL,
            id uuid NOT NULL,
            provider text NOT NULL,
            name text NOT NULL,
            shop text NOT NULL,
            webhook_secret bytea NOT NULL,
            version bigint NOT NULL,
            create_time timestamptz NOT NULL,
            PRIMARY KEY (organization_id, id),
            CONSTRAINT stores_shop_key UNIQUE (organization_id, provider, shop),
            CONSTRAINT stores_provider CHECK (provider IN ('SHOPIFY')),
            CONSTRAINT stores_shop_lower CHECK (shop = lower(shop))
        )
    """)
    protect(op, "stores", service, may="SELECT, INSERT, UPDATE")
    op.execute("CREATE TABLE store_directory (store_id uuid PRIMARY KEY, organization_id uuid NOT NULL)")
    open_directory(op, "store_directory", service, may="SELECT, INSERT")


def make_items(service: str) -> None:
    op.execute("""
        CREATE TABLE items (
            organization_id uuid NOT NULL,
            id uuid NOT NULL,
            sku text NOT NULL,
            version bigint NOT NULL,
            PRIMARY KEY (organization_id, id)
        )
    """)
    op.execute("CREATE INDEX items_sku ON items (organization_id, sku)")
    protect(op, "items", service, may="SELECT, INSERT, UPDATE")
    op.execute("""
        CREATE TABLE unfinished_items (
            organization_id uuid NOT NULL,
            item_id uuid NOT NULL,
            PRIMARY KEY (organization_id, item_id)
        )
    """)
    protect(op, "unfinished_items", service, may="SELECT, INSERT, DELETE")
    finder_may_select(op, "unfinished_items", service, ("organization_id",))


def make_orders(service: str) -> None:
    op.execute("""
        CREATE TABLE customers (
            organization_id uuid NOT NULL,
            id uuid NOT NULL,
            store_id uuid NOT NULL,
            external_id text,
            create_time timestamptz NOT NULL,
            PRIMARY KEY (organization_id, id),
            CONSTRAINT customers_store_fkey
                FOREIGN KEY (organization_id, store_id) REFERENCES stores (organization_id, id)
        )
    """)
    op.execute("""
        CREATE UNIQUE INDEX customers_external_id ON customers (organization_id, store_id, external_id)
        WHERE external_id IS NOT NULL
    """)
    # UPDATE locks a row that another transaction wrote first; nothing is changed.
    protect(op, "customers", service, may="SELECT, INSERT, UPDATE")
    op.execute("""
        CREATE TABLE orders (
            organization_id uuid NOT NULL,
            id uuid NOT NULL,
            store_id uuid NOT NULL,
            source text NOT NULL,
            external_id text NOT NULL,
            snapshot_time timestamptz NOT NULL,
            snapshot_cancelled boolean NOT NULL,
            snapshot_refunded boolean NOT NULL,
            snapshot_paid boolean NOT NULL,
            snapshot_closed boolean NOT NULL,
            snapshot_digest bytea NOT NULL,
            name text NOT NULL,
            order_time timestamptz NOT NULL,
            payment_status text NOT NULL,
            store_cancel_time timestamptz,
            store_cancel_reason text,
            currency text NOT NULL,
            subtotal bigint NOT NULL,
            discount bigint NOT NULL,
            shipping bigint NOT NULL,
            tax bigint NOT NULL,
            total bigint NOT NULL,
            presentment_currency text NOT NULL,
            presentment_subtotal bigint NOT NULL,
            presentment_discount bigint NOT NULL,
            presentment_shipping bigint NOT NULL,
            presentment_tax bigint NOT NULL,
            presentment_total bigint NOT NULL,
            taxes_included boolean NOT NULL,
            totals_mismatch boolean NOT NULL,
            customer_id uuid,
            customer_external_id text NOT NULL,
            customer_name text NOT NULL,
            customer_email text NOT NULL,
            customer_phone text NOT NULL,
            shipping_address jsonb,
            billing_address jsonb,
            note text NOT NULL,
            tags text[] NOT NULL,
            shipping_lines jsonb NOT NULL,
            test boolean NOT NULL,
            cancel_time timestamptz,
            cancel_reason text,
            stock_revision bigint,
            stock_version bigint,
            stock_state text,
            stock_shortage text NOT NULL,
            fulfillment_status text NOT NULL,
            short_reason text NOT NULL,
            line_count integer NOT NULL,
            unmapped_line_count integer NOT NULL,
            version bigint NOT NULL,
            version_time timestamptz NOT NULL,
            etag bigint NOT NULL,
            timeline_length bigint NOT NULL,
            create_time timestamptz NOT NULL,
            update_time timestamptz NOT NULL,
            PRIMARY KEY (organization_id, id),
            CONSTRAINT orders_ingest_key UNIQUE (organization_id, source, external_id),
            CONSTRAINT orders_store_fkey
                FOREIGN KEY (organization_id, store_id) REFERENCES stores (organization_id, id),
            CONSTRAINT orders_customer_fkey
                FOREIGN KEY (organization_id, customer_id) REFERENCES customers (organization_id, id),
            CONSTRAINT orders_payment_status CHECK (payment_status IN (
                'PENDING', 'AUTHORIZED', 'PARTIALLY_PAID', 'PAID', 'PARTIALLY_REFUNDED', 'REFUNDED', 'VOIDED'
            )),
            CONSTRAINT orders_fulfillment_status
                CHECK (fulfillment_status IN ('NEW', 'RESERVED', 'SHORT', 'NOTHING_TO_SHIP', 'CANCELLED')),
            CONSTRAINT orders_stock_state CHECK (stock_state IN ('RESERVED', 'SHORT', 'CLOSED')),
            CONSTRAINT orders_cancelled CHECK (
                (fulfillment_status = 'CANCELLED') = (cancel_time IS NOT NULL OR store_cancel_time IS NOT NULL)
            ),
            CONSTRAINT orders_short_reason CHECK ((fulfillment_status = 'SHORT') = (short_reason <> '')),
            CONSTRAINT orders_version CHECK (version >= 1 AND etag >= 1)
        )
    """)
    op.execute("CREATE INDEX orders_latest ON orders (organization_id, order_time, id)")
    op.execute("CREATE INDEX orders_latest_in_status ON orders (organization_id, fulfillment_status, order_time, id)")
    op.execute(
        "CREATE INDEX orders_latest_in_payment_status ON orders (organization_id, payment_status, order_time, id)"
    )
    op.execute("CREATE INDEX orders_latest_of_store ON orders (organization_id, store_id, order_time, id)")
    op.execute("""
        CREATE INDEX orders_latest_unmapped ON orders (organization_id, order_time, id) WHERE unmapped_line_count > 0
    """)
    protect(op, "orders", service, may="SELECT, INSERT, UPDATE")


def make_lines(service: str) -> None:
    op.execute("""
        CREATE TABLE order_lines (
            organization_id uuid NOT NULL,
            order_id uuid NOT NULL,
            id uuid NOT NULL,
            position integer NOT NULL,
            external_id text NOT NULL,
            sku text NOT NULL,
            title text NOT NULL,
            variant_title text NOT NULL,
            kind text NOT NULL,
            item_id uuid,
            ordered bigint NOT NULL,
            wanted bigint NOT NULL,
            fulfilled bigint NOT NULL,
            reserved bigint NOT NULL,
            unit_price bigint NOT NULL,
            discount bigint NOT NULL,
            tax bigint NOT NULL,
            PRIMARY KEY (organization_id, order_id, id),
            CONSTRAINT order_lines_external_id UNIQUE (organization_id, order_id, external_id),
            CONSTRAINT order_lines_order_fkey
                FOREIGN KEY (organization_id, order_id) REFERENCES orders (organization_id, id),
            CONSTRAINT order_lines_kind CHECK (kind IN ('STOCKED', 'NOT_SHIPPED', 'FULFILLED_ELSEWHERE', 'CUSTOM')),
            CONSTRAINT order_lines_item_of_stocked CHECK (kind = 'STOCKED' OR item_id IS NULL),
            CONSTRAINT order_lines_units
                CHECK (ordered >= 0 AND reserved >= 0 AND fulfilled >= 0 AND wanted >= fulfilled)
        )
    """)
    op.execute("""
        CREATE INDEX order_lines_unmapped ON order_lines (organization_id, sku)
        WHERE kind = 'STOCKED' AND item_id IS NULL
    """)
    protect(op, "order_lines", service)


def make_terms_and_timeline(service: str) -> None:
    op.execute("""
        CREATE TABLE order_terms (
            organization_id uuid NOT NULL,
            term text COLLATE "C" NOT NULL,
            order_id uuid NOT NULL,
            PRIMARY KEY (organization_id, term, order_id),
            CONSTRAINT order_terms_order_fkey
                FOREIGN KEY (organization_id, order_id) REFERENCES orders (organization_id, id)
        )
    """)
    op.execute("CREATE INDEX order_terms_of_order ON order_terms (organization_id, order_id, term)")
    protect(op, "order_terms", service, may="SELECT, INSERT, DELETE")
    op.execute("""
        CREATE TABLE order_timeline (
            organization_id uuid NOT NULL,
            order_id uuid NOT NULL,
            position bigint NOT NULL,
            event text NOT NULL,
            message text NOT NULL,
            actor text NOT NULL,
            time timestamptz NOT NULL,
            PRIMARY KEY (organization_id, order_id, position),
            CONSTRAINT order_timeline_order_fkey
                FOREIGN KEY (organization_id, order_id) REFERENCES orders (organization_id, id)
        )
    """)
    protect(op, "order_timeline", service, may="SELECT, INSERT")
