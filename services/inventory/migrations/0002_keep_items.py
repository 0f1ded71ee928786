"""Items, one per SKU of an organisation."""

from alembic import op

from chassis.database.tenant_table import protect

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE items (
            organization_id uuid NOT NULL,
            id uuid NOT NULL,
            sku text COLLATE "C" NOT NULL,
            name text NOT NULL,
            barcode text NOT NULL,
            version bigint NOT NULL CONSTRAINT items_version CHECK (version > 0),
            create_time timestamptz NOT NULL,
            PRIMARY KEY (organization_id, id),
            CONSTRAINT items_sku_key UNIQUE (organization_id, sku)
        )
    """)
    protect(op, "items", "inventory", may="SELECT, INSERT")
