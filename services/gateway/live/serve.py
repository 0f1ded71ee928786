"""`GET /v1/events`: live updates as server-sent events (html.spec.whatwg.org, 9.2)."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from chassis.errors import Refusal, UnavailableForNow
from gateway.access.bearer import bearer_token
from gateway.access.door import Door
from gateway.access.exchanges import Exchanges
from gateway.edge.bodies import ClientLeft
from gateway.edge.visits import Visit
from gateway.errors import MethodNotAllowed
from gateway.live.streams import Event, Stream, Streams
from gateway.rest.documents import write_message

PATH = "/v1/events"
MEDIA_TYPE = "text/event-stream"
# Whose token is exchanged to know who listens.
_AUDIENCE = "orders"
KEEP_ALIVE_SECONDS = 15.0
CHECK_SECONDS = 60.0
# A reader who takes nothing for so long is dropped.
SEND_SECONDS = 10.0
RETRY_MILLISECONDS = 2_000


class ServeEvents:
    """Opens streams."""

    def __init__(self, streams: Streams, exchanges: Exchanges, door: Door) -> None:
        self._streams = streams
        self._exchanges = exchanges
        self._door = door

    async def __call__(self, visit: Visit) -> Response:
        """Raises what is wrong with the token, RateLimited, TooManyStreams."""
        visit.route = PATH
        if visit.method != "GET":
            raise MethodNotAllowed(["GET"])
        await self._door.admit(visit)
        token = bearer_token(visit.header(b"authorization"))
        person = await self._exchanges.exchanged(token, _AUDIENCE)
        await self._door.admit_person(visit, person)
        stream = self._streams.open(person, visit.header(b"last-event-id").decode("latin-1"))
        visit.event = "events streamed"
        return _EventStream(self._streams, stream, lambda: self._may_listen(token))

    async def _may_listen(self, token: str) -> bool:
        """Whether the session is alive; one that cannot be asked about goes on."""
        try:
            await self._exchanges.exchanged(token, _AUDIENCE)
        except UnavailableForNow:
            return True
        except Refusal:
            return False
        return True


class _EventStream(Response):
    media_type = MEDIA_TYPE

    def __init__(self, streams: Streams, stream: Stream, may_listen: Callable[[], Awaitable[bool]]) -> None:
        super().__init__()
        del self.headers["content-length"]
        self._streams = streams
        self._stream = stream
        self._may_listen = may_listen

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Until the stream ends or the reader leaves. Raises ClientLeft for a reader that takes nothing."""
        telling = asyncio.create_task(self._tell(send))
        leaving = asyncio.create_task(_left(receive))
        try:
            await asyncio.wait({telling, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if not telling.done():
                raise ClientLeft
            await telling
        finally:
            self._streams.close(self._stream)
            for task in (telling, leaving):
                task.cancel()
            await asyncio.wait({telling, leaving})

    async def _tell(self, send: Send) -> None:
        await _send(send, {"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        await _send(send, _chunk(f"retry: {RETRY_MILLISECONDS}\n\n"))
        checked = time.monotonic()
        while not self._stream.ended:
            text = ":\n\n"
            with suppress(TimeoutError):
                async with asyncio.timeout(KEEP_ALIVE_SECONDS):
                    event = await self._stream.next()
                    text = _written(event) if event else text
            if time.monotonic() - checked >= CHECK_SECONDS:
                checked = time.monotonic()
                if not await self._may_listen():
                    break
            await _send(send, _chunk(text))
        await _send(send, {"type": "http.response.body", "body": b"", "more_body": False})


def _written(event: Event) -> str:
    data = write_message(event.update).decode() if event.update else "{}"
    named = f"event: {event.name}\ndata: {data}\n" if event.name else ""
    return f"id: {event.id}\n{named}\n"


def _chunk(text: str) -> Mapping[str, object]:
    return {"type": "http.response.body", "body": text.encode(), "more_body": True}


async def _send(send: Send, message: Mapping[str, object]) -> None:
    try:
        async with asyncio.timeout(SEND_SECONDS):
            await send(dict(message))
    except TimeoutError as error:
        raise ClientLeft from error


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
