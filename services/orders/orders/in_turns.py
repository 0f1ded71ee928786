"""What the jobs share that work for all organisations: each has its turn until nothing is left of it."""

from collections.abc import Awaitable, Callable, Iterable
from uuid import UUID

from chassis.database.leases import LeaseLost
from chassis.telemetry.logs import get_logger

log = get_logger()


async def in_turns(organizations: Iterable[UUID], turn: Callable[[UUID], Awaitable[bool]], failure: str) -> None:
    """Give each organisation a turn, and further ones while `turn` says that something is left.

    What fails in one keeps no other from its turn, and is logged as `failure`. Raises LeaseLost.
    """
    waiting = list(organizations)
    while waiting:
        waiting = [organization for organization in waiting if await _left(organization, turn, failure)]


async def _left(organization: UUID, turn: Callable[[UUID], Awaitable[bool]], failure: str) -> bool:
    try:
        return await turn(organization)
    except LeaseLost:
        raise
    except Exception:
        log.exception(failure, organization_id=str(organization))
        return False
