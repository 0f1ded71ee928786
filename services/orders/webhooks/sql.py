"""Every statement about deliveries and what they ask for. Policies narrow each to the transaction's organisation."""

RECORD = """
    INSERT INTO deliveries
        (organization_id, event_id, store_id, topic, external_id, body_bytes, body_sha256, receive_time, outcome)
    SELECT %b, * FROM unnest(
        %b::uuid[], %b::uuid[], %b::text[], %b::text[], %b::bigint[], %b::bytea[], %b::timestamptz[], %b::text[]
    ) ON CONFLICT DO NOTHING
"""

# For the finder.
OLD_DELIVERIES = """
    SELECT organization_id, event_id FROM deliveries
    WHERE receive_time < now() - interval '30 days' ORDER BY receive_time LIMIT %s
"""

DELETE_DELIVERIES = "DELETE FROM deliveries WHERE event_id = ANY(%s::uuid[])"

RECORD_DELETED = """
    INSERT INTO deleted_orders (organization_id, store_id, external_id, delete_time)
    SELECT %s, * FROM unnest(%s::uuid[], %s::text[], %s::timestamptz[])
    ON CONFLICT (organization_id, store_id, external_id)
    DO UPDATE SET delete_time = greatest(deleted_orders.delete_time, excluded.delete_time)
"""

RECORD_RISKS = """
    INSERT INTO order_risks (organization_id, store_id, external_id, assessor, assess_time, high)
    SELECT %s, * FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::timestamptz[], %s::boolean[])
    ON CONFLICT (organization_id, store_id, external_id, assessor)
    DO UPDATE SET assess_time = excluded.assess_time, high = excluded.high
    WHERE (order_risks.assess_time, order_risks.high) < (excluded.assess_time, excluded.high)
"""

KNOWN = """
    SELECT wanted.store_id, wanted.external_id, d.delete_time, o.id AS order_id, o.snapshot_time,
        e.erase_time IS NOT NULL AS erased, every.erase_time AS erased_until,
        EXISTS (
            SELECT FROM order_risks AS r
            WHERE r.store_id = wanted.store_id AND r.external_id = wanted.external_id AND r.high
        ) AS high_risk
    FROM unnest(%s::uuid[], %s::text[]) AS wanted (store_id, external_id)
    LEFT JOIN deleted_orders AS d ON d.store_id = wanted.store_id AND d.external_id = wanted.external_id
    LEFT JOIN erased_orders AS e ON e.store_id = wanted.store_id AND e.external_id = wanted.external_id
    LEFT JOIN erased_orders AS every ON every.store_id = wanted.store_id AND every.external_id = ''
    LEFT JOIN orders AS o ON o.source = 'store:' || wanted.store_id AND o.external_id = wanted.external_id
"""

# A row that waits for the end of a pause keeps waiting; one that waits for credentials is due when there are some.
REQUEST_REFETCHES = """
    INSERT INTO refetches (organization_id, store_id, external_id, wishes, cause, tries, failure, next_try_time)
    SELECT %s, store_id, external_id, 1, cause, 0, '', CASE WHEN can_be_asked THEN now() END
    FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::boolean[]) AS new (store_id, external_id, cause, can_be_asked)
    ON CONFLICT (organization_id, store_id, external_id) DO UPDATE
    SET wishes = refetches.wishes + 1, next_try_time = coalesce(refetches.next_try_time, excluded.next_try_time)
"""

# For the finder: the oldest of each organisation first.
DUE_REFETCHES = """
    SELECT organization_id, store_id, external_id FROM (
        SELECT organization_id, store_id, external_id,
            row_number() OVER (PARTITION BY organization_id ORDER BY next_try_time) AS turn
        FROM refetches WHERE next_try_time <= now()
    ) AS due
    WHERE turn <= %(most)s ORDER BY turn LIMIT %(most)s
"""

REFETCH = """
    SELECT r.wishes, r.cause, r.tries, s.api_credentials, o.order_time FROM refetches AS r
    JOIN stores AS s ON s.id = r.store_id
    LEFT JOIN orders AS o ON o.source = 'store:' || r.store_id AND o.external_id = r.external_id
    WHERE r.store_id = %s AND r.external_id = %s AND r.next_try_time <= now()
"""

REFETCHED = "DELETE FROM refetches WHERE store_id = %s AND external_id = %s AND wishes = %s"

TRY_REFETCH_LATER = """
    UPDATE refetches SET tries = %s, failure = %s, next_try_time = now() + %s::interval
    WHERE store_id = %s AND external_id = %s
"""

PAUSE_STORE = "UPDATE refetches SET next_try_time = now() + %s::interval WHERE store_id = %s AND next_try_time <= now()"

WAIT_FOR_CREDENTIALS = "UPDATE refetches SET failure = %s, next_try_time = NULL WHERE store_id = %s"

# Applied ones as they were kept, with what became since of what they asked for. What waits stands in the inbox with its
# message, from which the rest is read.
_KEPT = """
    SELECT event_id, receive_time, store_id, topic, external_id, body_bytes, body_sha256, outcome || coalesce(
            (SELECT '; ' || p.outcome FROM privacy_requests AS p WHERE p.id = event_id AND p.done_time IS NOT NULL),
            (SELECT '; ' || r.failure FROM refetches AS r
            WHERE r.store_id = deliveries.store_id AND r.external_id = deliveries.external_id
                AND r.failure <> '' AND outcome LIKE '%%; the store is asked'),
            ''
        ) AS outcome,
        CASE WHEN outcome LIKE 'discarded by %%' THEN 'DISCARDED' ELSE 'APPLIED' END AS state, 0 AS tries,
        NULL::bytea AS message
    FROM deliveries
"""
_WAITING = """
    SELECT event_id, receive_time, NULL::uuid, '', '', 0::bigint, ''::bytea, failure, state, tries, message
    FROM inbox WHERE consumer = %(consumer)s AND state <> 'DONE'
"""

_PAGE = """
    receive_time >= %(since)s AND (%(states)s::text[] = '{}' OR state = ANY(%(states)s))
    AND (%(time)s::timestamptz IS NULL OR (receive_time, event_id) < (%(time)s, %(id)s::uuid))
    ORDER BY receive_time DESC, event_id DESC LIMIT %(most)s
"""
_OF_STORE = "(%(store)s::uuid IS NULL OR store_id = %(store)s) AND (%(topic)s = '' OR topic = %(topic)s)"
# A topic is sought in the bytes of a message as it stands there, with its field's number and length before it.
_LANE_OF_STORE = """
    (%(store)s::uuid IS NULL OR starts_with(aggregate_id, %(store)s::text || '/'))
    AND (%(topic)s = '' OR position(%(topic_bytes)s::bytea IN message) > 0)
"""

LIST_DELIVERIES = f"""
    SELECT * FROM (
        (SELECT * FROM ({_KEPT} WHERE {_OF_STORE}) AS kept WHERE {_PAGE})
        UNION ALL (SELECT * FROM ({_WAITING} AND {_LANE_OF_STORE}) AS waiting (
            event_id, receive_time, store_id, topic, external_id, body_bytes, body_sha256, outcome, state, tries,
            message
        ) WHERE {_PAGE})
    ) AS found ORDER BY receive_time DESC, event_id DESC LIMIT %(most)s
"""

GET_DELIVERY = f"{_KEPT} WHERE event_id = %(id)s UNION ALL {_WAITING} AND event_id = %(id)s LIMIT 1"

PARKED_DELIVERIES = f"""
    SELECT event_id FROM inbox
    WHERE consumer = %(consumer)s AND state = 'PARKED' AND receive_time >= %(since)s AND {_LANE_OF_STORE}
    ORDER BY position LIMIT %(most)s
"""
