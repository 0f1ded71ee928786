"""Every statement about stores. Policies narrow each to the transaction's organisation; inserted rows name it."""

from typing import Any

from orders.stores.store import Provider, Store

_STORE = "id, provider, name, shop, version, create_time"

INSERT = """
    INSERT INTO stores (organization_id, id, provider, name, shop, webhook_secret, version, create_time)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (organization_id, provider, shop) DO NOTHING
"""

INSERT_DIRECTORY = "INSERT INTO store_directory (store_id, organization_id) VALUES (%s, %s)"

CONNECTED_AS = "SELECT id FROM stores WHERE provider = %s AND shop = %s"

GET = f"SELECT {_STORE} FROM stores WHERE id = %s"

# In the order of ids, which is that of time.
LIST = f"SELECT {_STORE} FROM stores WHERE id > %s ORDER BY id LIMIT %s"

ORGANIZATION_OF = "SELECT organization_id FROM store_directory WHERE store_id = %s"

SECRET = f"SELECT {_STORE}, webhook_secret FROM stores WHERE id = %s"

RECORD_ORGANIZATION = """
    INSERT INTO organizations (organization_id, state, version) VALUES (%s, %s, %s)
    ON CONFLICT (organization_id) DO UPDATE SET state = excluded.state, version = excluded.version
    WHERE organizations.version < excluded.version
"""

KNOWN_ORGANIZATION = "SELECT FROM organizations"

# One row at least where the organisation is known; the stores that are its own.
STORES_OF = """
    SELECT s.id, s.provider, s.name, s.shop, s.version, s.create_time FROM organizations AS o
    LEFT JOIN stores AS s ON s.organization_id = o.organization_id AND s.id = ANY(%s::uuid[])
"""


POLICIES = "SELECT id, reserve_when, unpaid_expiry FROM stores WHERE id = ANY(%s::uuid[])"


def read_store(row: Any) -> Store:
    """A store from its row."""
    return Store(row.id, Provider(row.provider), row.name, row.shop, row.version, row.create_time)
