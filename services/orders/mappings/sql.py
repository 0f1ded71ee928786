"""Every statement about which item a line takes."""

# Items that any of the keys may mean; and those that a SKU means because people said so.
KNOWN = """
    SELECT i.sku_key, i.sku, i.id, false AS by_hand FROM items AS i WHERE i.sku_key = ANY(%s::text[])
    UNION ALL SELECT '', m.sku, m.item_id, true FROM sku_mappings AS m WHERE m.sku = ANY(%s::text[])
"""

# In the order of the array, which is sorted: two transactions wait for each other in one direction.
SHARE_SKUS = "SELECT pg_advisory_xact_lock_shared(lock) FROM unnest(%s::bigint[]) AS lock"
LOCK_SKUS = "SELECT pg_advisory_xact_lock(lock) FROM unnest(%s::bigint[]) AS lock"

ITEMS = "SELECT id, sku FROM items WHERE id = ANY(%s::uuid[])"

RECORD = """
    INSERT INTO items (organization_id, id, sku, sku_key, version)
    SELECT %s, * FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::bigint[]) AS new (id, sku, sku_key, version)
    ORDER BY id
    ON CONFLICT (organization_id, id)
    DO UPDATE SET sku = excluded.sku, sku_key = excluded.sku_key, version = excluded.version
    WHERE items.version < excluded.version
"""

# Keys of SKUs with more orders waiting than one transaction takes, and after which order they wait.
ADD_UNFINISHED = """
    INSERT INTO unfinished_skus (organization_id, after_order_id, sku_key) SELECT %s, %s, * FROM unnest(%s::text[])
    ON CONFLICT (organization_id, sku_key)
    DO UPDATE SET after_order_id = least(unfinished_skus.after_order_id, excluded.after_order_id)
"""

UNFINISHED = "SELECT sku_key, after_order_id FROM unfinished_skus ORDER BY sku_key FOR UPDATE"

GO_ON_AFTER = "UPDATE unfinished_skus SET after_order_id = %s WHERE sku_key = ANY(%s::text[])"

REMOVE_UNFINISHED = "DELETE FROM unfinished_skus WHERE sku_key = ANY(%s::text[])"

MAP = """
    INSERT INTO sku_mappings (organization_id, sku, item_id, actor, create_time) VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (organization_id, sku)
    DO UPDATE SET item_id = excluded.item_id, actor = excluded.actor, create_time = excluded.create_time
"""

UNMAP = "DELETE FROM sku_mappings WHERE sku = %s"

LIST = """
    SELECT m.sku, m.item_id, i.sku AS item_sku, m.actor, m.create_time
    FROM sku_mappings AS m JOIN items AS i ON i.id = m.item_id
    WHERE m.sku > %s ORDER BY m.sku LIMIT %s
"""

# NULL for the first page: a line may have no SKU at all.
UNMAPPED = """
    SELECT sku, count(DISTINCT order_id) AS orders, sum(open)::bigint AS units, min(order_time) AS oldest
    FROM (
        SELECT coalesce(l.edit_sku, l.sku) AS sku, l.order_id, l.open, o.order_time
        FROM order_lines AS l JOIN orders AS o ON o.id = l.order_id
        WHERE l.kind = 'STOCKED' AND l.item_id IS NULL AND l.open > 0 AND o.fulfillment_status <> 'CANCELLED'
    ) AS waiting
    WHERE %(after)s::text IS NULL OR sku > %(after)s
    GROUP BY sku ORDER BY sku LIMIT %(limit)s
"""

# What people leave out, or put in the place of each other.
ALIKE = """
    SELECT wanted.key, i.id, i.sku FROM unnest(%s::text[]) AS wanted (key)
    JOIN items AS i ON translate(i.sku_key, '-_./ ', '') = translate(wanted.key, '-_./ ', '')
    WHERE translate(wanted.key, '-_./ ', '') <> '' ORDER BY wanted.key, i.sku, i.id
"""

# For the finder.
WITH_UNFINISHED = "SELECT organization_id FROM unfinished_skus UNION SELECT organization_id FROM moving_skus"

# From after an order on: lines that stay UNMAPPED are looked at once.
WAITING = """
    SELECT DISTINCT order_id FROM order_lines
    WHERE sku_key = ANY(%s::text[]) AND kind = 'STOCKED' AND item_id IS NULL AND order_id > %s
    ORDER BY order_id LIMIT %s
"""

# Lines of living orders that follow their SKU and have another item than it means. What is found is moved, and not
# found again. A cancelled order looks at its lines when its store takes the cancel back.
_MISPLACED = """
    FROM order_lines AS l
    WHERE sku_key = %(key)s AND coalesce(edit_sku, sku) = %(sku)s AND kind = 'STOCKED' AND NOT item_given
        AND (fulfilled = 0 OR item_id IS NULL) AND item_id IS DISTINCT FROM %(item_id)s
        AND NOT EXISTS (SELECT FROM orders AS o WHERE o.id = l.order_id AND o.fulfillment_status = 'CANCELLED')
"""
MISPLACED = f"SELECT DISTINCT order_id {_MISPLACED} ORDER BY order_id LIMIT %(most)s"
COUNT_MISPLACED = f"SELECT count(*) AS orders FROM ({MISPLACED}) AS counted"

# Twice as long as a transaction may last.
KEEP_MOVING = """
    INSERT INTO moving_skus (organization_id, sku, actor, until_time)
    VALUES (%s, %s, %s, clock_timestamp() + interval '10 seconds')
    ON CONFLICT (organization_id, sku) DO UPDATE SET actor = excluded.actor, until_time = excluded.until_time
"""

MOVING = """
    SELECT sku, actor, until_time < clock_timestamp() AS over FROM moving_skus
    ORDER BY until_time, sku LIMIT %s FOR UPDATE
"""

STOP_MOVING = "DELETE FROM moving_skus WHERE sku = ANY(%s::text[])"
