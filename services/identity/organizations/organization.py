"""Organisations: the merchants of the installation."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from uuid import UUID


class State(Enum):
    """Whether an organisation may act. One that is past due may."""

    ACTIVE = "ACTIVE"
    PAST_DUE = "PAST_DUE"
    SUSPENDED = "SUSPENDED"
    CLOSED = "CLOSED"

    @property
    def told(self) -> "State":
        """The state as other services are told it: to them one that may act is active."""
        return State.ACTIVE if self is State.PAST_DUE else self

    @property
    def may_act(self) -> bool:
        """Whether its people are let in."""
        return self.told is State.ACTIVE


@dataclass(frozen=True, slots=True)
class Organization:
    """An organisation. Its version grows with each change of its state, told to others or not, and with each other
    event about it."""

    id: UUID
    name: str
    state: State
    version: int
    create_time: datetime


# CLOSED is final.
_NEXT = {
    State.ACTIVE: {State.PAST_DUE, State.SUSPENDED, State.CLOSED},
    State.PAST_DUE: {State.ACTIVE, State.SUSPENDED, State.CLOSED},
    State.SUSPENDED: {State.ACTIVE, State.CLOSED},
    State.CLOSED: set[State](),
}


def may_become(state: State, after: State) -> bool:
    """Whether an organisation may go from one state to the other."""
    return after in _NEXT[state]
