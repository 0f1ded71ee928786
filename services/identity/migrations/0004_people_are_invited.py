"""Invitations: hashed, for one use, for some days."""

from alembic import op

from chassis.database.migrate import service_name
from chassis.database.tenant_table import protect

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE invitations (
            organization_id uuid NOT NULL
                CONSTRAINT invitations_organization_fkey REFERENCES organizations (organization_id),
            id uuid NOT NULL,
            email text NOT NULL,
            role text NOT NULL,
            state text NOT NULL,
            token_hash bytea NOT NULL,
            send_count integer NOT NULL,
            invited_by uuid NOT NULL,
            create_time timestamptz NOT NULL,
            expire_time timestamptz NOT NULL,
            PRIMARY KEY (organization_id, id),
            CONSTRAINT invitations_token_key UNIQUE (organization_id, token_hash),
            CONSTRAINT invitations_sha256 CHECK (octet_length(token_hash) = 32),
            CONSTRAINT invitations_email_lower CHECK (email = lower(email)),
            CONSTRAINT invitations_role CHECK (role IN ('VIEWER', 'OPERATOR', 'MANAGER', 'ADMIN')),
            CONSTRAINT invitations_state CHECK (state IN ('PENDING', 'ACCEPTED', 'REVOKED'))
        )
    """)
    op.execute("CREATE UNIQUE INDEX invitations_open ON invitations (organization_id, email) WHERE state = 'PENDING'")
    protect(op, "invitations", service_name(), may="SELECT, INSERT, UPDATE")
