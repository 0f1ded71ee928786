"""ListRevocations: what ended before its tokens did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chassis.clock import Clock
from chassis.database import faults
from chassis.database.pool import Database
from chassis.errors import UnavailableForNow
from identity.organizations.sql import InactiveOrganization, find_inactive
from identity.tokens import access_token, sql
from identity.tokens.revocation import Kind, Revocation

MOST_LISTED = 10_000

# An access token lives five minutes; its revocation a little longer, for transactions and clocks are not exact.
SHOWN_FOR = access_token.LIFE + timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Revocations:
    """What ended. `truncated`: something that living tokens may name was left out."""

    read_time: datetime
    sessions: Sequence[Revocation]
    users: Sequence[Revocation]
    organizations: Sequence[InactiveOrganization]
    truncated: bool


async def list_revocations(database: Database, clock: Clock) -> Revocations:
    """What ended within the life of an access token, and who may not act at present. Raises UnavailableForNow."""
    now = clock.now()
    since, limit = now - SHOWN_FOR, MOST_LISTED + 1
    try:
        async with database.finder() as finder:
            sessions = await sql.find_revocations(finder, Kind.SESSION, since, limit)
            users = await sql.find_revocations(finder, Kind.USER, since, limit)
            organizations = await find_inactive(finder, limit)
    except Exception as error:
        if faults.is_passing(error):
            raise UnavailableForNow("database") from error
        raise
    truncated = any(found[MOST_LISTED:] for found in (sessions, users))
    # Of those who were stopped long ago no token lives.
    truncated |= any(organization.state_time >= since for organization in organizations[MOST_LISTED:])
    return Revocations(
        now, sessions[:MOST_LISTED], users[:MOST_LISTED], organizations[:MOST_LISTED], truncated=truncated
    )
