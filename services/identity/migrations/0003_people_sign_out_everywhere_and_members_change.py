"""Sessions of a person end together, whatever their organisation; roles change, and memberships end."""

from alembic import op

from chassis.database.migrate import service_name

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    service = service_name()
    op.execute("ALTER TABLE users ADD COLUMN session_epoch integer NOT NULL DEFAULT 1")
    op.execute(f"GRANT UPDATE (session_epoch) ON users TO {service}_service")
    op.execute(f"GRANT UPDATE (password_hash, update_time) ON credentials TO {service}_service")
    op.execute("""
        ALTER TABLE sessions
            ADD COLUMN epoch integer NOT NULL DEFAULT 1,
            DROP CONSTRAINT sessions_end_reason,
            ADD CONSTRAINT sessions_end_reason
                CHECK (end_reason IN ('SIGNED_OUT', 'TOKEN_REUSED', 'ENDED_BY_ADMIN', 'MEMBERSHIP_ENDED'))
    """)
    op.execute("CREATE INDEX sessions_user ON sessions (organization_id, user_id, id)")
    op.execute("ALTER TABLE memberships ADD COLUMN version bigint NOT NULL DEFAULT 1")
    op.execute(f"GRANT UPDATE (role, version), DELETE ON memberships TO {service}_service")
