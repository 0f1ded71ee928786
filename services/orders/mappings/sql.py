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

# For the finder.
WITH_UNFINISHED = "SELECT DISTINCT organization_id FROM unfinished_skus"

# From after an order on: lines that stay UNMAPPED are looked at once.
WAITING = """
    SELECT DISTINCT order_id FROM order_lines
    WHERE sku_key = ANY(%s::text[]) AND kind = 'STOCKED' AND item_id IS NULL AND order_id > %s
    ORDER BY order_id LIMIT %s
"""
