"""Which messages of a fetched batch are applied now, and which queue in the inbox, so that nobody waits for a flood."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from chassis.messaging.inbox import Received


@dataclass(frozen=True, slots=True)
class Turn:
    """One organisation's part of a batch: what is applied, and then what is only written WAITING."""

    organization: UUID
    apply: Sequence[Received]
    queue: Sequence[Received]


def turns(batch: Mapping[UUID, Sequence[Received]], *, share: int, behind: bool) -> list[Turn]:
    """Organisations in the order in which they came.

    An organisation with more than its share queues the rest when another one is in the batch, or when the partition
    is so far behind that others are likely to wait further back in it.
    """
    others = len(batch) > 1 or behind
    most = share if others else None
    return [
        Turn(organization, messages[:most], messages[share:] if others else ())
        for organization, messages in batch.items()
    ]
