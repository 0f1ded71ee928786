"""Units of a line that are still to be taken from stock, as they are counted where nobody reads the whole order."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.execute("ALTER TABLE order_lines ADD COLUMN open bigint NOT NULL DEFAULT 0")
    # Policies bind the owner too.
    op.execute("ALTER TABLE order_lines NO FORCE ROW LEVEL SECURITY")
    op.execute("UPDATE order_lines SET open = wanted - fulfilled WHERE kind = 'STOCKED' AND wanted > fulfilled")
    op.execute("ALTER TABLE order_lines FORCE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE order_lines ALTER COLUMN open DROP DEFAULT")
