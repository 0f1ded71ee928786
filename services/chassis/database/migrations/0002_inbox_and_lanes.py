"""What came in, once per consumer, and the lanes of those that are not done."""

from alembic import op

from chassis.database.migrate import service_name
from chassis.database.tenant_table import finder_may_select, protect

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    service = service_name()
    op.execute("""
        CREATE TABLE inbox (
            organization_id uuid NOT NULL,
            consumer text NOT NULL,
            event_id uuid NOT NULL,
            position bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
            aggregate_id text NOT NULL,
            type text NOT NULL,
            state text NOT NULL CONSTRAINT inbox_state CHECK (state IN ('DONE', 'WAITING', 'RETRYING', 'PARKED')),
            message bytea,
            traceparent text NOT NULL,
            tries integer NOT NULL DEFAULT 0,
            failure text NOT NULL DEFAULT '',
            receive_time timestamptz NOT NULL DEFAULT now(),
            done_time timestamptz,
            discarded_by text NOT NULL DEFAULT '',
            discard_reason text NOT NULL DEFAULT '',
            PRIMARY KEY (organization_id, event_id, consumer),
            CONSTRAINT inbox_keeps_what_is_not_done CHECK ((state = 'DONE') = (message IS NULL)),
            CONSTRAINT inbox_done_time CHECK ((state = 'DONE') = (done_time IS NOT NULL))
        )
    """)
    op.execute(
        "CREATE INDEX inbox_lane ON inbox (organization_id, consumer, aggregate_id, position) WHERE state <> 'DONE'"
    )
    op.execute("CREATE INDEX inbox_done ON inbox (done_time) WHERE state = 'DONE'")
    protect(op, "inbox", service)
    finder_may_select(
        op, "inbox", service, ("organization_id", "consumer", "event_id", "state", "receive_time", "done_time")
    )
    op.execute("""
        CREATE TABLE lanes (
            organization_id uuid NOT NULL,
            consumer text NOT NULL,
            aggregate_id text NOT NULL,
            next_try_time timestamptz,
            PRIMARY KEY (organization_id, aggregate_id, consumer)
        )
    """)
    op.execute(
        "CREATE INDEX lanes_due ON lanes (consumer, organization_id, next_try_time) WHERE next_try_time IS NOT NULL"
    )
    protect(op, "lanes", service)
    finder_may_select(op, "lanes", service, ("organization_id", "consumer", "next_try_time"))
