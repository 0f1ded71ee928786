"""People, organisations, who belongs where, sessions, and the keys that sign their tokens."""

from alembic import op

from chassis.database.migrate import service_name
from chassis.database.tenant_table import finder_may_select, open_directory, protect

revision = "0001"
down_revision = None


def upgrade() -> None:
    service = service_name()
    make_people(service)
    make_organizations(service)
    make_sessions(service)
    make_signing_keys(service)


def make_people(service: str) -> None:
    op.execute("""
        CREATE TABLE users (
            id uuid PRIMARY KEY,
            email text NOT NULL CONSTRAINT users_email_key UNIQUE,
            display_name text NOT NULL,
            create_time timestamptz NOT NULL,
            CONSTRAINT users_email_lower CHECK (email = lower(email))
        )
    """)
    open_directory(op, "users", service, may="SELECT, INSERT")
    op.execute("""
        CREATE TABLE credentials (
            user_id uuid PRIMARY KEY CONSTRAINT credentials_user_fkey REFERENCES users (id),
            password_hash text NOT NULL,
            update_time timestamptz NOT NULL,
            CONSTRAINT credentials_argon2id CHECK (password_hash LIKE '$argon2id$%')
        )
    """)
    open_directory(op, "credentials", service, may="SELECT, INSERT")


def make_organizations(service: str) -> None:
    op.execute("""
        CREATE TABLE organizations (
            organization_id uuid PRIMARY KEY,
            name text NOT NULL,
            state text NOT NULL,
            version bigint NOT NULL,
            create_time timestamptz NOT NULL,
            CONSTRAINT organizations_state CHECK (state IN ('ACTIVE', 'SUSPENDED', 'CLOSED')),
            CONSTRAINT organizations_version CHECK (version > 0)
        )
    """)
    protect(op, "organizations", service, may="SELECT, INSERT, UPDATE")
    op.execute("""
        CREATE TABLE memberships (
            user_id uuid NOT NULL CONSTRAINT memberships_user_fkey REFERENCES users (id),
            organization_id uuid NOT NULL
                CONSTRAINT memberships_organization_fkey REFERENCES organizations (organization_id),
            role text NOT NULL,
            join_time timestamptz NOT NULL,
            PRIMARY KEY (user_id, organization_id),
            CONSTRAINT memberships_role CHECK (role IN ('VIEWER', 'OPERATOR', 'MANAGER', 'ADMIN'))
        )
    """)
    op.execute("CREATE INDEX memberships_organization ON memberships (organization_id)")
    open_directory(op, "memberships", service, may="SELECT, INSERT")


def make_sessions(service: str) -> None:
    op.execute("""
        CREATE TABLE sessions (
            organization_id uuid NOT NULL
                CONSTRAINT sessions_organization_fkey REFERENCES organizations (organization_id),
            id uuid NOT NULL,
            user_id uuid NOT NULL CONSTRAINT sessions_user_fkey REFERENCES users (id),
            generation integer NOT NULL,
            sealed_token bytea,
            create_time timestamptz NOT NULL,
            rotate_time timestamptz NOT NULL,
            expire_time timestamptz NOT NULL,
            absolute_expire_time timestamptz NOT NULL,
            end_time timestamptz,
            end_reason text,
            PRIMARY KEY (organization_id, id),
            CONSTRAINT sessions_generation CHECK (generation > 0),
            CONSTRAINT sessions_expire_time CHECK (expire_time <= absolute_expire_time),
            CONSTRAINT sessions_end_reason CHECK (end_reason IN ('SIGNED_OUT', 'TOKEN_REUSED')),
            CONSTRAINT sessions_ended_with_reason CHECK ((end_time IS NULL) = (end_reason IS NULL)),
            CONSTRAINT sessions_ended_without_token CHECK (end_time IS NULL OR sealed_token IS NULL)
        )
    """)
    op.execute("CREATE INDEX sessions_expire_time ON sessions (expire_time)")
    protect(op, "sessions", service)
    finder_may_select(op, "sessions", service, ("organization_id", "id", "expire_time"))
    op.execute("""
        CREATE TABLE refresh_tokens (
            token_hash bytea PRIMARY KEY,
            organization_id uuid NOT NULL,
            session_id uuid NOT NULL,
            generation integer NOT NULL,
            CONSTRAINT refresh_tokens_generation_key UNIQUE (organization_id, session_id, generation),
            CONSTRAINT refresh_tokens_session_fkey
                FOREIGN KEY (organization_id, session_id) REFERENCES sessions (organization_id, id) ON DELETE CASCADE,
            CONSTRAINT refresh_tokens_sha256 CHECK (octet_length(token_hash) = 32)
        )
    """)
    open_directory(op, "refresh_tokens", service, may="SELECT, INSERT")
    op.execute("""
        CREATE TABLE sign_in_failures (
            email_hash bytea PRIMARY KEY,
            count integer NOT NULL,
            last_time timestamptz NOT NULL,
            locked_until timestamptz,
            CONSTRAINT sign_in_failures_sha256 CHECK (octet_length(email_hash) = 32)
        )
    """)
    op.execute("CREATE INDEX sign_in_failures_last_time ON sign_in_failures (last_time)")
    open_directory(op, "sign_in_failures", service)


def make_signing_keys(service: str) -> None:
    op.execute("""
        CREATE TABLE signing_keys (
            id text PRIMARY KEY,
            public_key bytea NOT NULL,
            sealed_private_key bytea NOT NULL,
            sign_time timestamptz NOT NULL,
            retire_time timestamptz,
            CONSTRAINT signing_keys_ed25519 CHECK (octet_length(public_key) = 32),
            CONSTRAINT signing_keys_retire_time CHECK (retire_time > sign_time)
        )
    """)
    open_directory(op, "signing_keys", service, may="SELECT, INSERT")
