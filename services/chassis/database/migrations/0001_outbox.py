"""Events that wait to be published, in the column shape of Debezium's outbox."""

from alembic import op

from chassis.database.migrate import service_name
from chassis.database.tenant_table import finder_may_select, protect

revision = "0001"
down_revision = None

_READ_BY_RELAY = (
    "organization_id", "id", "seq", "aggregatetype", "aggregateid", "type", "payload", "traceparent", "create_time",
    "publish_time",
)  # fmt: skip


def upgrade() -> None:
    service = service_name()
    op.execute("""
        CREATE TABLE outbox (
            organization_id uuid NOT NULL,
            id uuid NOT NULL,
            seq bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
            aggregatetype text NOT NULL,
            aggregateid text NOT NULL,
            type text NOT NULL,
            payload bytea NOT NULL CONSTRAINT outbox_payload_fits_a_record CHECK (octet_length(payload) <= 900000),
            traceparent text NOT NULL,
            create_time timestamptz NOT NULL DEFAULT now(),
            publish_time timestamptz,
            PRIMARY KEY (organization_id, id)
        )
    """)
    op.execute("CREATE INDEX outbox_unpublished ON outbox (seq) WHERE publish_time IS NULL")
    op.execute("CREATE INDEX outbox_published ON outbox (publish_time) WHERE publish_time IS NOT NULL")
    protect(op, "outbox", service, may="SELECT, INSERT")
    # The relay marks and deletes across organisations (docs/adr/0002): only once each way, and only what is published.
    finder_may_select(op, "outbox", service, _READ_BY_RELAY)
    op.execute(f"""
        CREATE POLICY finder_mark ON outbox FOR UPDATE TO {service}_finder
        USING (publish_time IS NULL) WITH CHECK (publish_time IS NOT NULL)
    """)
    op.execute(f"GRANT UPDATE (publish_time) ON outbox TO {service}_finder")
    op.execute(f"""
        CREATE POLICY finder_delete ON outbox FOR DELETE TO {service}_finder
        USING (publish_time < now() - interval '1 day')
    """)
    op.execute(f"GRANT DELETE ON outbox TO {service}_finder")
