"""What Prometheus reads of events out and events in. No label holds an id: consumers, topics and states are few."""

from prometheus_client import Counter, Gauge, Histogram

_SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500)

OUTBOX_ROWS = Gauge("rappit_outbox_rows", "Events that wait to be published, counted up to 100,000.")
OUTBOX_AGE = Gauge("rappit_outbox_oldest_seconds", "Age of the oldest event that waits to be published.")
OUTBOX_BLOCKED = Gauge("rappit_outbox_blocked_keys", "Keys that wait because an event of theirs failed, here.")
PUBLISHED = Counter("rappit_relay_published", "Events published.")
PUBLISH_FAILURES = Counter("rappit_relay_failures", "Events that Kafka refused, or did not answer for.", ["kind"])
PUBLISH_BATCH = Histogram("rappit_relay_batch_rows", "Events sent at once.", buckets=_SIZES)

RECEIVED = Counter("rappit_inbox_messages", "Messages by what became of them.", ["consumer", "outcome"])
INBOX_BATCH = Histogram("rappit_inbox_batch_messages", "Messages in one transaction.", ["consumer"], buckets=_SIZES)
INBOX_ROWS = Gauge("rappit_inbox_rows", "Messages that are not done, counted up to 100,000.", ["consumer", "state"])
INBOX_AGE = Gauge("rappit_inbox_oldest_seconds", "Age of the oldest message in this state.", ["consumer", "state"])
LANES_BLOCKED = Gauge("rappit_lanes_blocked", "Lanes that a dead letter stops.", ["consumer"])
PAUSES = Counter("rappit_consumer_pauses", "Times that a consumer waited for the database.", ["consumer"])
LAG = Gauge(
    "rappit_consumer_lag_messages", "Messages of the topic that are not fetched yet, here.", ["consumer", "topic"]
)
TIME_LAG = Gauge("rappit_consumer_lag_seconds", "Age of the last message fetched when it was.", ["consumer", "topic"])
