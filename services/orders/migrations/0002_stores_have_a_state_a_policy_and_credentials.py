"""Stores of WooCommerce; a store's state, its policy, its credentials, and the secret before the present one."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("""
        ALTER TABLE stores
            ADD COLUMN state text NOT NULL DEFAULT 'CONNECTED',
            ADD COLUMN state_reason text NOT NULL DEFAULT '',
            ADD COLUMN reserve_when text NOT NULL DEFAULT 'ON_ORDER',
            ADD COLUMN unpaid_expiry interval NOT NULL DEFAULT '0',
            ADD COLUMN old_webhook_secret bytea,
            ADD COLUMN old_webhook_secret_end_time timestamptz,
            ADD COLUMN api_address text NOT NULL DEFAULT '',
            ADD COLUMN api_credentials bytea,
            ADD COLUMN update_time timestamptz NOT NULL DEFAULT now(),
            DROP CONSTRAINT stores_provider,
            ADD CONSTRAINT stores_provider CHECK (provider IN ('SHOPIFY', 'WOOCOMMERCE')),
            ADD CONSTRAINT stores_state CHECK (state IN ('CONNECTED', 'NEEDS_REAUTH', 'DISCONNECTED')),
            ADD CONSTRAINT stores_state_reason CHECK ((state = 'CONNECTED') = (state_reason = '')),
            ADD CONSTRAINT stores_reserve_when CHECK (reserve_when IN ('ON_ORDER', 'ON_PAYMENT')),
            ADD CONSTRAINT stores_unpaid_expiry CHECK (unpaid_expiry >= interval '0'),
            ADD CONSTRAINT stores_old_webhook_secret CHECK (
                (old_webhook_secret IS NULL) = (old_webhook_secret_end_time IS NULL)
            )
    """)
