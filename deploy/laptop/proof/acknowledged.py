"""What stores were answered 2xx for, as they wrote it down themselves: the books of the other side. Pure."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import NamedTuple

from laptop.follow import Event

# A delivery that was taken stands in Kafka until orders has read it: when orders was killed it takes ten seconds until
# its part of the topic is read again. What waits longer, as behind a dead letter, counts as missing until it is there.
UNDER_WAY = timedelta(seconds=30)
# A delivery may have been received so long before its 2xx: its store did not hear of that and tried again.
TRIES = timedelta(minutes=5)
_EVER = datetime(2000, 1, 1, tzinfo=UTC)

# In one look, so that it stays cheap whatever happened.
MOST_UNDER_WAY = 1_000
MOST_OVERDUE = 50
MOST_AGAIN = 100
# Over days. Of more than so many that were found, those that were looked for longest ago are only counted.
MOST_FOUND = 20_000


class Key(NamedTuple):
    """Which order was told of, of what, and in which bytes. A repeat has the same one.

    digest: SHA-256 of the body, in hexadecimal.
    """

    shop: str
    order: str
    topic: str
    digest: str


class Asked(NamedTuple):
    """A delivery that orders must have, received between these times."""

    key: Key
    since: datetime
    time: datetime


class Acknowledged:
    """Deliveries to be looked for; those that were found, and are looked for again in turn; those that were not."""

    def __init__(self) -> None:
        self._sought: dict[Key, datetime] = {}
        self._found: dict[Key, Asked] = {}
        self._missing: dict[Key, Asked] = {}
        self._counted = 0

    @property
    def decided(self) -> int:
        """How many were looked for and are found or missing."""
        return self._counted + len(self._found) + len(self._missing)

    @property
    def undecided(self) -> int:
        """How many were acknowledged and are neither found nor missing yet: under way, or not looked for so far."""
        return len(self._sought)

    @property
    def missing(self) -> int:
        """How many were acknowledged long enough ago, looked for everywhere and not found."""
        return len(self._missing)

    def hear(self, event: Event) -> None:
        """Take an event of the processes' logs: a delivery that was taken is kept. A forged one is no store's."""
        status = event.get("status")
        taken = event.get("event") == "delivery sent" and isinstance(status, int) and 200 <= status < 300
        if taken and event.get("fault") != "forged":
            key = Key(*(str(event[name]) for name in ("shop", "order", "topic", "sha256")))
            if key not in self._found and key not in self._missing:
                self._sought.setdefault(key, datetime.fromisoformat(str(event["time"])))

    def to_ask(self, now: datetime) -> Sequence[Asked]:
        """What to look for now: within its time what may be under way, everywhere what should have come by now."""
        under_way = (Asked(key, time - TRIES, time) for key, time in self._sought.items() if now - time <= UNDER_WAY)
        overdue = (Asked(key, _EVER, time) for key, time in self._sought.items() if now - time > UNDER_WAY)
        return [
            *islice(under_way, MOST_UNDER_WAY),
            *islice(overdue, MOST_OVERDUE),
            *islice(self._missing.values(), MOST_OVERDUE),
            *islice(self._found.values(), MOST_AGAIN),
        ]

    def answer(self, asked: Sequence[Asked], found: Collection[Key]) -> None:
        """What became of what was looked for. It goes to the end: next time it is the others' turn."""
        for each in asked:
            for kept in (self._sought, self._found, self._missing):
                kept.pop(each.key, None)
            if each.key in found:
                self._found[each.key] = each
            elif each.since == _EVER:
                self._missing[each.key] = each
            else:
                self._sought[each.key] = each.time
        for key in list(islice(self._found, max(0, len(self._found) - MOST_FOUND))):
            del self._found[key]
            self._counted += 1
