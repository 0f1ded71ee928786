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
    SELECT organization_id, id, record_time FROM privacy_requests
    WHERE done_time IS NULL AND record_time < now() - interval '10 seconds'
        AND (%(time)s::timestamptz IS NULL OR (record_time, id) > (%(time)s, %(id)s::uuid))
    ORDER BY record_time, id LIMIT %(most)s
"""

LOCK_REQUEST = """
    SELECT id, store_id, kind, customer_external_id, email, order_external_ids, create_time, after_order_id, order_count
    FROM privacy_requests WHERE id = %s AND done_time IS NULL FOR UPDATE
"""

# A stretch of the organisation's orders, and which of them are the person's; a data request asks for those alone in
# which something stands. Of a shop they are those that came in until it asked: version_time is when the first delivery
# did, which may be written later. Who was entered here has an e-mail address alone.
STRETCH = """
    SELECT id, external_id, store_id, ((store_id = %(store)s AND (
        (%(everybody)s AND least(create_time, version_time) <= %(until)s)
        OR external_id = ANY(%(orders)s)
        OR (%(customer)s <> '' AND customer_external_id = %(customer)s)
    )) OR (
        (store_id = %(store)s OR store_id IS NULL)
        AND %(email)s <> '' AND lower(customer_email) = lower(%(email)s)
    )) IS TRUE AND (
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

# For the finder: whose deliveries stopped a lane.
WITH_STOPPED = "SELECT DISTINCT organization_id FROM lanes WHERE consumer = %s AND next_try_time IS NULL"

# Deliveries that stopped their lane and are of erased people, with the id of their store.
PARKED = """
    SELECT event_id, split_part(aggregate_id, '/', 1) AS store FROM inbox
    WHERE consumer = %(consumer)s AND state = 'PARKED' AND (
        aggregate_id IN (SELECT store_id || '/order/' || external_id FROM erased_orders WHERE external_id <> '')
        OR EXISTS (
            SELECT FROM erased_orders AS e
            WHERE e.external_id = '' AND starts_with(aggregate_id, e.store_id || '/') AND receive_time <= e.erase_time
        )
    ) ORDER BY position LIMIT %(most)s
"""

# Whether deliveries of those whom a request erases wait: for the organisation to be active again, or for another try.
WAITING = """
    SELECT FROM inbox
    WHERE consumer = %(consumer)s AND state <> 'DONE' AND (
        (%(everybody)s AND starts_with(aggregate_id, %(store)s::text || '/') AND receive_time <= %(until)s)
        OR aggregate_id IN (SELECT %(store)s::text || '/order/' || named FROM unnest(%(orders)s::text[]) AS named)
        OR aggregate_id IN (
            SELECT o.store_id || '/order/' || o.external_id
            FROM privacy_request_orders AS found JOIN orders AS o ON o.id = found.order_id
            WHERE NOT %(everybody)s AND found.request_id = %(id)s AND o.store_id = %(store)s
        )
    ) LIMIT 1
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
