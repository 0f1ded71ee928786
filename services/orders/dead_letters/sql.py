"""Every statement that describes what a replayed message changed."""

# What orders' timelines say since the replay began: of those that it told others of, and of the one that it is about.
CHANGES = """
    SELECT o.name, t.message FROM orders AS o JOIN order_timeline AS t ON t.order_id = o.id
    WHERE (o.id = ANY(%s::uuid[]) OR (o.source = %s AND o.external_id = %s)) AND t.time >= %s
    ORDER BY o.name, t.position
"""

LED_TO = "SELECT outcome FROM deliveries WHERE event_id = %s"
