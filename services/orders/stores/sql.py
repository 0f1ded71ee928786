"""Every statement about stores. Policies narrow each to the transaction's organisation; inserted rows name it."""

from typing import Any

from orders.stores.store import Provider, ReserveWhen, Store, StoreState

_NAMES = (
    "id",
    "provider",
    "name",
    "shop",
    "version",
    "create_time",
    "update_time",
    "state",
    "state_reason",
    "reserve_when",
    "unpaid_expiry",
    "api_address",
    "old_webhook_secret_end_time",
)
_STORE = f"{', '.join(f's.{name}' for name in _NAMES)}, s.api_credentials IS NOT NULL AS has_credentials"

INSERT = """
    INSERT INTO stores (organization_id, id, provider, name, shop, webhook_secret, version, create_time, update_time)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (organization_id, provider, shop) DO NOTHING
"""

INSERT_DIRECTORY = "INSERT INTO store_directory (store_id, organization_id) VALUES (%s, %s)"

LOCK_SHOP = f"SELECT {_STORE} FROM stores AS s WHERE s.provider = %s AND s.shop = %s FOR NO KEY UPDATE"

LOCK = f"SELECT {_STORE} FROM stores AS s WHERE s.id = %s FOR NO KEY UPDATE"

GET = f"SELECT {_STORE} FROM stores AS s WHERE s.id = %s"

# In the order of ids, which is that of time.
LIST = f"SELECT {_STORE} FROM stores AS s WHERE s.id > %s ORDER BY s.id LIMIT %s"

ORGANIZATION_OF = "SELECT organization_id FROM store_directory WHERE store_id = %s"

UPDATE = """
    UPDATE stores SET name = %s, version = %s, update_time = %s, state = %s, state_reason = %s, reserve_when = %s,
        unpaid_expiry = %s, api_address = %s
    WHERE id = %s
"""

# What signed until now signs as well until the end time.
ROTATE_SECRET = """
    UPDATE stores SET old_webhook_secret = webhook_secret, old_webhook_secret_end_time = %s, webhook_secret = %s
    WHERE id = %s
"""

SET_SECRET = """
    UPDATE stores SET webhook_secret = %s, old_webhook_secret = NULL, old_webhook_secret_end_time = NULL WHERE id = %s
"""

# No secret opens as nothing and signs nothing: whoever resolves a store without secrets refuses all of its webhooks.
FORGET_SECRETS = """
    UPDATE stores SET webhook_secret = '', old_webhook_secret = NULL, old_webhook_secret_end_time = NULL
    WHERE id = %(store)s
"""

END_SECRET = """
    UPDATE stores SET webhook_secret = '', old_webhook_secret = webhook_secret,
        old_webhook_secret_end_time = %(end_time)s
    WHERE id = %(store)s
"""

FORGET_OLD_SECRET = """
    UPDATE stores SET old_webhook_secret = NULL, old_webhook_secret_end_time = NULL WHERE id = %s
"""

# For the finder.
OLD_SECRETS = """
    SELECT organization_id, id FROM stores
    WHERE old_webhook_secret_end_time < now() ORDER BY old_webhook_secret_end_time LIMIT %s
"""

SET_CREDENTIALS = "UPDATE stores SET api_credentials = %s, api_credentials_time = now() WHERE id = %s"

# Clearly after: the store's clock may be a little behind.
HAS_NEWER_CREDENTIALS = """
    SELECT FROM stores
    WHERE id = %s AND api_credentials IS NOT NULL AND api_credentials_time > %s::timestamptz + interval '10 seconds'
"""

HAS_CREDENTIALS = "SELECT FROM stores WHERE id = %s AND api_credentials = %b"

# What waited for credentials, or for the end of a pause.
ASK_AGAIN = "UPDATE refetches SET next_try_time = now(), tries = 0, failure = '' WHERE store_id = %s"

# What waited for the organisation to be active.
RESUME_ASKING = "UPDATE refetches SET next_try_time = now() WHERE next_try_time > now()"

SECRETS = f"""
    SELECT {_STORE}, s.webhook_secret, s.old_webhook_secret, s.old_webhook_secret_end_time > now() AS old_secret_signs,
        o.state AS organization_state
    FROM stores AS s LEFT JOIN organizations AS o ON o.organization_id = s.organization_id WHERE s.id = %s
"""

RECORD_ORGANIZATION = """
    INSERT INTO organizations (organization_id, state, version) VALUES (%s, %s, %s)
    ON CONFLICT (organization_id) DO UPDATE SET state = excluded.state, version = excluded.version
    WHERE organizations.version < excluded.version
"""

ORGANIZATION_STATE = "SELECT state FROM organizations"

# One row at least where the organisation is known; the stores that are its own.
STORES_OF = f"""
    SELECT o.state AS organization_state, {_STORE} FROM organizations AS o
    LEFT JOIN stores AS s ON s.organization_id = o.organization_id AND s.id = ANY(%s::uuid[])
"""


# What stores sent, without what they answered when they were asked. Lanes begin with the store's id.
HEALTH = """
    WITH waiting AS (
        SELECT split_part(aggregate_id, '/', 1) AS store, count(*) FILTER (WHERE state <> 'PARKED') AS waiting,
            count(*) FILTER (WHERE state = 'PARKED') AS parked, max(receive_time) AS latest
        FROM inbox WHERE consumer = %(consumer)s AND state <> 'DONE' GROUP BY 1
    ), asking AS (
        SELECT store_id, count(*) AS orders, max(failure) FILTER (WHERE tries > 0) AS failure
        FROM refetches WHERE store_id = ANY(%(stores)s::uuid[]) GROUP BY 1
    )
    SELECT s.id, (SELECT state FROM organizations) AS organization_state,
        greatest(done.receive_time, w.latest) AS latest,
        coalesce(w.waiting, 0) AS waiting, coalesce(w.parked, 0) AS parked, coalesce(a.orders, 0) AS to_ask,
        coalesce(a.failure, '') AS failure
    FROM unnest(%(stores)s::uuid[]) AS s (id)
    LEFT JOIN waiting AS w ON w.store = s.id::text
    LEFT JOIN asking AS a ON a.store_id = s.id
    LEFT JOIN LATERAL (
        SELECT receive_time FROM deliveries WHERE store_id = s.id AND topic NOT IN ('refetch', 'refetch/gone')
        ORDER BY receive_time DESC LIMIT 1
    ) AS done ON true
"""


def read_store(row: Any) -> Store:
    """A store from its row."""
    values = {name: getattr(row, name) for name in (*_NAMES, "has_credentials")}
    kinds = {"provider": Provider, "state": StoreState, "reserve_when": ReserveWhen}
    return Store(**values | {name: kind(values[name]) for name, kind in kinds.items()})
