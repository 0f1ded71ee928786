"""When a message that failed is tried again, and when it becomes a dead letter."""

import random
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from chassis.errors import NotYet
from chassis.messaging.handlers import Unreadable

TRIES = 10
_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 300.0

# A message that cannot be applied yet waits a quarter of its age, so that it is soon there when it can.
_NOT_YET_PAUSE = timedelta(seconds=1)
_NOT_YET_LONGEST = timedelta(seconds=30)
_NOT_YET_PART = 4

# Twice may be somebody else's lock or load.
_TIMEOUTS = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a message that failed: its state, how often it has failed, and how long it rests."""

    state: str
    tries: int
    pause: timedelta


def verdict(error: BaseException, tries: int, age: timedelta, most: int = TRIES) -> Verdict:
    """After a failure for the message's own sake. `tries` counts those before it, `age` is since it was received."""
    if isinstance(error, NotYet):
        pause = min(max(age / _NOT_YET_PART, _NOT_YET_PAUSE), _NOT_YET_LONGEST)
        return Verdict("RETRYING", tries, pause if error.rest is None else error.rest)
    tries += 1
    if tries >= most or isinstance(error, Unreadable):
        return Verdict("PARKED", tries, timedelta())
    pause = min(_FIRST_PAUSE * 2 ** (tries - 1), _LONGEST_PAUSE)
    return Verdict("RETRYING", tries, timedelta(seconds=pause * random.uniform(0.75, 1.0)))  # noqa: S311 (jitter)


class Timeouts:
    """Counts how often messages timed out alone: the third time is their own fault."""

    def __init__(self) -> None:
        self._counts: Counter[UUID] = Counter()

    def own_fault(self, event: UUID) -> bool:
        """Count one more."""
        self._counts[event] += 1
        if self._counts[event] < _TIMEOUTS:
            return False
        self.over(event)
        return True

    def over(self, event: UUID) -> None:
        """The message got through, or was set aside."""
        self._counts.pop(event, None)
