"""Identity's tables: METADATA has all of them, DIRECTORY names those without a policy.

A directory table is read before any organisation is known. It holds ids, names to sign in with, and hashes.
"""

from identity.accounts import tables as accounts
from identity.invitations import tables as invitations
from identity.organizations import tables as organizations
from identity.roles import tables as roles
from identity.sessions import tables as sessions
from identity.tables import METADATA
from identity.tokens import tables as tokens

__all__ = ["DIRECTORY", "METADATA", "TABLES"]

TABLES = (
    accounts.users,
    accounts.credentials,
    organizations.organizations,
    roles.memberships,
    invitations.invitations,
    sessions.sessions,
    sessions.refresh_tokens,
    sessions.sign_in_failures,
    tokens.signing_keys,
    tokens.revocations,
)

DIRECTORY = frozenset(
    {
        "users",
        "credentials",
        "memberships",
        "refresh_tokens",
        "sign_in_failures",
        "signing_keys",
        "revocations",
    }
)
