"""Who listens to which organisation, and what happened there lately. Nothing is stored: it is a hint.

Ids of events are this replica's own: another one may have heard them in another order. Who comes with an id that is not
known here is told to read again.
"""

import asyncio
from collections import Counter, deque
from typing import NamedTuple
from uuid import UUID, uuid4

from chassis.errors import UnavailableForNow
from gateway.access.exchanges import Exchanged, Revoked
from gateway.errors import TooManyStreams
from gateway.live.subjects import told_with
from rappit.gateway.v1.live_pb2 import LiveUpdate

MOST_OF_SESSION = 4
MOST_OF_ORGANIZATION = 200
MOST_STREAMS = 1_000
# What one may lag behind before it is dropped, and what is kept for who comes again.
MOST_WAITING = 256
MOST_KEPT = 256
MOST_ORGANIZATIONS = 5_000

UPDATE, RESET = "update", "reset"
# Says nothing but where the stream is.
HERE = ""


class Event(NamedTuple):
    """An event of a stream."""

    replica: str
    number: int
    name: str
    update: LiveUpdate | None = None
    """Of an UPDATE. Written when it is sent: most organisations have nobody who listens."""

    @property
    def id(self) -> str:
        """What a client sends back to go on behind it."""
        return f"{self.replica}.{self.number}"


class Stream:
    """One listener: its events in order, then None when it is to end."""

    def __init__(self, person: Exchanged) -> None:
        self.person = person
        self.ended = False
        self._events: asyncio.Queue[Event | None] = asyncio.Queue(MOST_WAITING)

    async def next(self) -> Event | None:
        """The next event; None at the end."""
        return None if self.ended else await self._events.get()

    def may_hear(self, event: Event) -> bool:
        """Whether the listener may read what it tells."""
        return event.update is None or told_with()[event.update.subject] in self.person.permissions

    def put(self, event: Event) -> None:
        """A listener that is too slow for it ends."""
        if self._events.full():
            self.end()
        else:
            self._events.put_nowait(event)

    def end(self) -> None:
        """End, whatever waits."""
        self.ended = True
        if not self._events.full():
            self._events.put_nowait(None)


class Streams:
    """All streams of this replica."""

    def __init__(self) -> None:
        self._streams: set[Stream] = set()
        self._kept: dict[UUID, deque[Event]] = {}
        self._replica = uuid4().hex[:12]
        self._last = 0
        # Behind this number everything is kept that was kept at all.
        self._complete_behind = 0
        self._ready = False
        told_with()  # or the gateway does not start

    def open(self, person: Exchanged, last_event_id: str) -> Stream:
        """A new stream, with what happened behind `last_event_id` where that is known.

        Raises TooManyStreams, UnavailableForNow.
        """
        if not self._ready:
            raise UnavailableForNow("gateway")
        held = Counter(stream.person.organization for stream in self._streams)[person.organization]
        own = Counter(stream.person.session_id for stream in self._streams)[person.session_id]
        if len(self._streams) >= MOST_STREAMS or held >= MOST_OF_ORGANIZATION or own >= MOST_OF_SESSION:
            raise TooManyStreams
        stream = Stream(person)
        for event in filter(stream.may_hear, self._since(person.organization, last_event_id)):
            stream.put(event)
        self._streams.add(stream)
        return stream

    def close(self, stream: Stream) -> None:
        """Nobody listens to it any more."""
        self._streams.discard(stream)

    def tell(self, organization: UUID, update: LiveUpdate) -> None:
        """Something of the organisation changed."""
        event = self._next(UPDATE, update)
        kept = self._kept.pop(organization, None) or deque(maxlen=MOST_KEPT)
        kept.append(event)
        self._kept[organization] = kept
        if len(self._kept) > MOST_ORGANIZATIONS:
            self._complete_behind = self._kept.pop(next(iter(self._kept)))[-1].number
        for stream in self._streams:
            if stream.person.organization == organization and stream.may_hear(event):
                stream.put(event)

    def revoke(self, revoked: Revoked) -> None:
        """End the streams of those who may not listen any more, or have to ask anew."""
        for stream in self._streams:
            if revoked.holds(stream.person):
                stream.end()

    def forget_all(self) -> None:
        """Some events were missed."""
        self._kept.clear()
        reset = self._next(RESET)
        self._complete_behind = reset.number
        for stream in self._streams:
            stream.put(reset)

    def set_ready(self, ready: bool) -> None:
        """A replica that ends, or lacks something, has no streams; its listeners go elsewhere."""
        self._ready = ready
        for stream in () if ready else self._streams:
            stream.end()

    def _since(self, organization: UUID, last_event_id: str) -> list[Event]:
        """What is told first. An id that cannot be gone on behind, and none, get the place where the stream begins."""
        if not last_event_id:
            return [Event(self._replica, self._last, HERE)]
        replica, _, digits = last_event_id.partition(".")
        number = int(digits) if replica == self._replica and digits.isascii() and digits.isdigit() else -1
        kept = self._kept.get(organization) or deque()
        is_whole = len(kept) < MOST_KEPT or kept[0].number <= number
        if is_whole and self._complete_behind <= number <= self._last:
            return [event for event in kept if event.number > number]
        return [Event(self._replica, self._last, RESET)]

    def _next(self, name: str, update: LiveUpdate | None = None) -> Event:
        self._last += 1
        return Event(self._replica, self._last, name, update)
