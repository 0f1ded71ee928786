"""What is asked of the databases. Each statement is cheap enough for every second of a world of hours; the times are
those of 100,000 rows of the ledger in 80 levels, 30,000 orders and 90,000 deliveries.
"""

# inventory, as superuser, for whom no policy counts. Reads the ACTIVE reservations by their partial index, the levels,
# and for each line that holds something its demand and what left of it. 10 ms with 700 ACTIVE ones, which it counts.
RESERVED_TWICE = """
WITH held AS MATERIALIZED (
    SELECT organization_id, demand_id, line_id, item_id, warehouse_id, quantity - consumed - released AS units
    FROM reservations WHERE active
), wrong_levels AS (
    SELECT FROM levels FULL JOIN (
        SELECT organization_id, item_id, warehouse_id, sum(units) AS units FROM held
        GROUP BY organization_id, item_id, warehouse_id
    ) AS promised USING (organization_id, item_id, warehouse_id)
    WHERE coalesce(promised.units, 0) <> coalesce(reserved, 0)
        OR coalesce(promised.units, 0) > coalesce(on_hand - damaged - quarantined, 0)
), doubled AS (
    SELECT FROM held GROUP BY organization_id, demand_id, line_id, warehouse_id HAVING count(*) > 1
), greedy AS (
    SELECT FROM (
        SELECT organization_id, demand_id, line_id, sum(units) AS units FROM held
        GROUP BY organization_id, demand_id, line_id
    ) AS line
    JOIN demands ON demands.organization_id = line.organization_id AND demands.id = line.demand_id
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(consumed), 0) AS units FROM reservations AS each
        WHERE each.organization_id = line.organization_id AND each.demand_id = line.demand_id
            AND each.line_id = line.line_id
    ) AS gone
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(wanted), 0) AS units FROM jsonb_to_recordset(lines) AS each (line_id text, wanted bigint)
        WHERE each.line_id = line.line_id
    ) AS wish
    WHERE line.units + gone.units > wish.units
)
SELECT (SELECT count(*) FROM wrong_levels) + (SELECT count(*) FROM doubled) + (SELECT count(*) FROM greedy),
    (SELECT count(*) FROM held)
"""

# inventory, as superuser. Reads the levels, and of each level's ledger what came after the position up to which it was
# added up before, by the ledger's key: 1 ms, where the whole ledger takes 70. A level's positions are given out under
# its lock, so that none appears below one that was seen.
LEVELS_AND_THEIR_LEDGER = """
SELECT level.organization_id, level.item_id, level.warehouse_id, on_hand, reserved, damaged, quarantined, added.*
FROM levels AS level
LEFT JOIN unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::bigint[])
    AS summed (organization_id, item_id, warehouse_id, position) USING (organization_id, item_id, warehouse_id)
CROSS JOIN LATERAL (
    SELECT coalesce(max(position), 0), coalesce(sum(on_hand_delta), 0)::bigint,
        coalesce(sum(reserved_delta), 0)::bigint, coalesce(sum(damaged_delta), 0)::bigint,
        coalesce(sum(quarantined_delta), 0)::bigint
    FROM ledger AS entry
    WHERE entry.organization_id = level.organization_id AND entry.item_id = level.item_id
        AND entry.warehouse_id = level.warehouse_id AND entry.position > coalesce(summed.position, 0)
) AS added
"""

# orders, as superuser. Reads for each delivery that a store says was taken the latest deliveries of that store back
# from then, until one is of these bytes, of this topic and of the order of this name: 1.5 ms for 100. Of two that came
# at once and are the same, the later one may be the one that is kept: so it looks a little beyond the time of the first
# one's answer.
DELIVERIES_FOUND = """
SELECT n FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::timestamptz[], %s::timestamptz[])
    WITH ORDINALITY AS acknowledged (shop, name, topic, digest, since, time, n)
JOIN stores USING (shop)
CROSS JOIN LATERAL (
    SELECT FROM deliveries JOIN orders
        ON orders.organization_id = stores.organization_id AND orders.source = 'store:' || stores.id
        AND orders.external_id = deliveries.external_id
    WHERE deliveries.organization_id = stores.organization_id AND deliveries.store_id = stores.id
        AND deliveries.receive_time BETWEEN acknowledged.since AND acknowledged.time + interval '5 s'
        AND deliveries.body_sha256 = decode(acknowledged.digest, 'hex')
        AND deliveries.topic = acknowledged.topic AND orders.name = acknowledged.name
    ORDER BY deliveries.receive_time DESC LIMIT 1
) AS found
"""

# inventory, as superuser: whose eyes are borrowed. One that has little has little to be read each second.
SMALLEST_ORGANIZATIONS = "SELECT organization_id FROM levels GROUP BY 1 ORDER BY count(*), 1 LIMIT 2"

# Any service, as its own role: the tables whose key begins with the organisation, whether or not they have a policy,
# as far as the role may read them.
TENANT_TABLES = """
SELECT relname FROM pg_index
JOIN pg_class ON pg_class.oid = indrelid
JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]
WHERE indisprimary AND attname = 'organization_id' AND relnamespace = 'public'::regnamespace
    AND has_column_privilege(indrelid, attnum, 'SELECT')
ORDER BY relname
"""

# Any service, as its own role, in a transaction of an organisation. Reads that organisation's rows by each table's
# key, for its policy lets no more through; without a policy it reads all rows, and then shall.
ROWS_SEEN = "SELECT count(*), count(*) FILTER (WHERE organization_id <> {organization}) FROM {table}"
