"""Organisations: the merchants of the installation."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from uuid import UUID


class State(Enum):
    """Whether an organisation may act."""

    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    CLOSED = "CLOSED"


@dataclass(frozen=True, slots=True)
class Organization:
    """An organisation. Its version grows with each event about it."""

    id: UUID
    name: str
    state: State
    version: int
    create_time: datetime


# CLOSED is final.
_NEXT = {
    State.ACTIVE: {State.SUSPENDED, State.CLOSED},
    State.SUSPENDED: {State.ACTIVE, State.CLOSED},
    State.CLOSED: set[State](),
}


def may_become(state: State, after: State) -> bool:
    """Whether an organisation may go from one state to the other."""
    return after in _NEXT[state]
