"""Which keys of the outbox wait because a row of theirs was not taken, and when each is tried again."""

from collections.abc import Collection
from dataclasses import dataclass

TopicKey = tuple[str, str]

_FIRST_PAUSE = 0.25
_LONGEST_PAUSE = 30.0
_AWAY_PAUSE = 1.0
# A row that fails so often among others may be what makes the others fail.
_TRIES_TOGETHER = 3


@dataclass(slots=True)
class _Blocked:
    tries: int
    until: float
    alone: bool


class BlockedKeys:
    """Keys by (topic, key). Times are seconds of the caller's clock."""

    def __init__(self) -> None:
        self._blocked: dict[TopicKey, _Blocked] = {}

    def __len__(self) -> int:
        return len(self._blocked)

    def __contains__(self, key: object) -> bool:
        return key in self._blocked

    def failed(self, key: TopicKey, now: float, *, refused: bool, away: bool) -> int:
        """The key's first row was not taken: how often that was. One that was refused is tried alone from now on.

        away: nothing else was taken either, so it says nothing about the row.
        """
        blocked = self._blocked.setdefault(key, _Blocked(0, 0.0, alone=False))
        if away:
            blocked.until = now + _AWAY_PAUSE
            return blocked.tries
        blocked.tries += 1
        blocked.alone = blocked.alone or refused or blocked.tries > _TRIES_TOGETHER
        blocked.until = now + min(_FIRST_PAUSE * 2 ** (blocked.tries - 1), _LONGEST_PAUSE)
        return blocked.tries

    def out(self, key: TopicKey) -> None:
        """The key's row was taken, or is no longer there."""
        self._blocked.pop(key, None)

    def relieve(self) -> None:
        """Kafka answers again: whatever did not fail alone is due at once, as if it had never failed."""
        self._blocked = {key: blocked for key, blocked in self._blocked.items() if blocked.alone}

    def excluded(self, now: float) -> list[TopicKey]:
        """Keys of which nothing may be sent together with others."""
        return [key for key, blocked in self._blocked.items() if blocked.alone or blocked.until > now]

    def due_alone(self, now: float, most: int) -> list[TopicKey]:
        """Keys whose row is to be tried by itself now, those that waited longest first."""
        due = [(blocked.until, key) for key, blocked in self._blocked.items() if blocked.alone and blocked.until <= now]
        return [key for _, key in sorted(due)[:most]]

    def forget_absent(self, present: Collection[TopicKey], now: float) -> None:
        """Drop keys that were due with all others and of which nothing was there: somebody else published them."""
        gone = [
            key for key, each in self._blocked.items() if not each.alone and each.until <= now and key not in present
        ]
        for key in gone:
            del self._blocked[key]
