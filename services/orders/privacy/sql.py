"""Every statement about what stores ask for people. Policies narrow each to the transaction's organisation."""

RECORD_REQUEST = """
    INSERT INTO privacy_requests
        (organization_id, id, store_id, kind, customer_external_id, email, order_external_ids, create_time, outcome)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, '') ON CONFLICT DO NOTHING
"""

ERASE_FROM_NOW_ON = """
    INSERT INTO erased_orders (organization_id, store_id, external_id, erase_time)
    SELECT DISTINCT %s::uuid, %s::uuid, external_id, %s::timestamptz FROM unnest(%s::text[]) AS new (external_id)
    ON CONFLICT (organization_id, store_id, external_id)
    DO UPDATE SET erase_time = greatest(erased_orders.erase_time, excluded.erase_time)
"""

ERASURES = """
    SELECT wanted.store_id, wanted.external_id, e.erase_time IS NOT NULL AS erased, every.erase_time AS until
    FROM unnest(%s::uuid[], %s::text[]) AS wanted (store_id, external_id)
    LEFT JOIN erased_orders AS e ON e.store_id = wanted.store_id AND e.external_id = wanted.external_id
    LEFT JOIN erased_orders AS every ON every.store_id = wanted.store_id AND every.external_id = ''
    WHERE e.erase_time IS NOT NULL OR every.erase_time IS NOT NULL
"""

# For the finder. Whatever was under way when the request was written has ended: transactions last five seconds.
OPEN_REQUESTS = """
    SELECT organization_id, id FROM privacy_requests
    WHERE done_time IS NULL AND record_time < now() - interval '10 seconds' ORDER BY record_time LIMIT %s
"""

LOCK_REQUEST = """
    SELECT id, store_id, kind, customer_external_id, email, order_external_ids, create_time, after_order_id, order_count
    FROM privacy_requests WHERE id = %s AND done_time IS NULL FOR UPDATE
"""

# A stretch of the organisation's orders, and which of them are the person's; a data request asks for those alone in
# which something stands.
STRETCH = """
    SELECT id, external_id, store_id = %(store)s AND (
        %(everybody)s OR external_id = ANY(%(orders)s)
        OR (%(customer)s <> '' AND customer_external_id = %(customer)s)
        OR (%(email)s <> '' AND lower(customer_email) = lower(%(email)s))
    ) AND (
        %(empty_too)s OR customer_id IS NOT NULL OR shipping_address IS NOT NULL OR billing_address IS NOT NULL
        OR note <> '' OR own_shipping_address IS NOT NULL
        OR EXISTS (SELECT FROM order_notes AS n WHERE n.order_id = o.id)
    ) AS is_theirs
    FROM orders AS o WHERE id > %(after)s ORDER BY id LIMIT %(most)s
"""

FOUND = """
    INSERT INTO privacy_request_orders (organization_id, request_id, order_id)
    SELECT %s, %s, * FROM unnest(%s::uuid[]) ON CONFLICT DO NOTHING
"""

GO_ON_AFTER = "UPDATE privacy_requests SET after_order_id = %s, order_count = order_count + %s WHERE id = %s"

FORGET_CUSTOMERS = """
    DELETE FROM customers AS c
    WHERE c.id = ANY(%s::uuid[]) AND NOT EXISTS (SELECT FROM orders AS o WHERE o.customer_id = c.id)
"""

# What people here wrote of the orders.
FORGET_WORDS = (
    "DELETE FROM order_notes WHERE order_id = ANY(%s::uuid[])",
    "UPDATE order_holds SET note = '' WHERE order_id = ANY(%s::uuid[]) AND note <> ''",
    "UPDATE order_timeline SET reason = '' WHERE order_id = ANY(%s::uuid[]) AND reason <> ''",
    """UPDATE order_timeline SET old_value = '', new_value = ''
    WHERE order_id = ANY(%s::uuid[]) AND event = 'ADDRESS_CHANGED'""",
)

# Deliveries that stopped their lane and name a person.
PARKED_OF = """
    SELECT event_id FROM inbox AS i WHERE consumer = %(consumer)s AND state = 'PARKED' AND (
        (%(everybody)s AND starts_with(aggregate_id, %(store)s::text || '/') AND receive_time <= %(until)s)
        OR EXISTS (
            SELECT FROM erased_orders AS e
            WHERE e.store_id = %(store)s AND e.external_id <> ''
                AND i.aggregate_id = e.store_id || '/order/' || e.external_id
        )
    ) ORDER BY position LIMIT %(most)s
"""

# Of an erased person nothing stays in what was asked for them before.
FORGET_REQUESTS = """
    UPDATE privacy_requests SET customer_external_id = '', email = ''
    WHERE store_id = %(store)s AND (done_time IS NOT NULL OR id = %(id)s) AND (
        %(everybody)s OR id = %(id)s
        OR (%(customer)s <> '' AND customer_external_id = %(customer)s)
        OR (%(email)s <> '' AND lower(email) = lower(%(email)s))
    )
"""

DONE = "UPDATE privacy_requests SET done_time = %s, outcome = %s WHERE id = %s"

_REQUEST = "id, store_id, kind, customer_external_id, email, create_time, done_time, order_count, outcome"

LIST = f"""
    SELECT {_REQUEST} FROM privacy_requests
    WHERE (%(store)s::uuid IS NULL OR store_id = %(store)s)
        AND (%(time)s::timestamptz IS NULL OR (create_time, id) < (%(time)s, %(id)s::uuid))
    ORDER BY create_time DESC, id DESC LIMIT %(most)s
"""

EXISTS = "SELECT FROM privacy_requests WHERE id = %s"

ORDERS_OF = """
    SELECT o.id, o.external_id, o.name FROM privacy_request_orders AS found JOIN orders AS o ON o.id = found.order_id
    WHERE found.request_id = %s AND found.order_id > %s ORDER BY found.order_id LIMIT %s
"""
