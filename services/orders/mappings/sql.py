"""Every statement about the projection of items."""

# Of two items with one SKU (their events crossed) always the same one.
KNOWN = "SELECT DISTINCT ON (sku) sku, id FROM items WHERE sku = ANY(%s::text[]) ORDER BY sku, id"

# In the order of the array, which is sorted: two transactions wait for each other in one direction.
SHARE_SKUS = "SELECT pg_advisory_xact_lock_shared(lock) FROM unnest(%s::bigint[]) AS lock"
LOCK_SKUS = "SELECT pg_advisory_xact_lock(lock) FROM unnest(%s::bigint[]) AS lock"

RECORD = """
    INSERT INTO items (organization_id, id, sku, version)
    SELECT %s, * FROM unnest(%s::uuid[], %s::text[], %s::bigint[]) AS new (id, sku, version) ORDER BY id
    ON CONFLICT (organization_id, id) DO UPDATE SET sku = excluded.sku, version = excluded.version
    WHERE items.version < excluded.version
"""

# Items with more orders waiting than one transaction takes.
ADD_UNFINISHED = """
    INSERT INTO unfinished_items (organization_id, item_id) SELECT %s, * FROM unnest(%s::uuid[]) ON CONFLICT DO NOTHING
"""

UNFINISHED = "SELECT u.item_id, i.sku FROM unfinished_items AS u JOIN items AS i ON i.id = u.item_id"

REMOVE_UNFINISHED = "DELETE FROM unfinished_items WHERE item_id = ANY(%s::uuid[])"

# For the finder.
WITH_UNFINISHED = "SELECT DISTINCT organization_id FROM unfinished_items"

WITH_UNMAPPED_SKUS = """
    SELECT DISTINCT order_id FROM order_lines
    WHERE sku = ANY(%s::text[]) AND kind = 'STOCKED' AND item_id IS NULL ORDER BY order_id LIMIT %s
"""
