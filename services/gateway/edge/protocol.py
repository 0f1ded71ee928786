"""uvicorn's HTTP protocol with the limits that it leaves out: on the size of a request's head, on the time of its head
and of its body, and on what still comes of a body after the answer.

llhttp takes heads of any size, and uvicorn waits for ever for the rest of one, and for the first byte of a connection.
A request that comes whole, as nearly all do, costs no timer here. A body that was refused is read on for a while, for
who is still sending when the connection closes gets no answer.
"""

from asyncio import TimerHandle
from asyncio.transports import BaseTransport
from typing import cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from gateway.edge.problems import MEDIA_TYPE, Problem

MOST_HEAD_BYTES = 32 * 1024
HEAD_SECONDS = 10.0
BODY_SECONDS = 10.0
# What is read of a body after its request was answered.
MOST_UNWANTED_BYTES = 8 * 1024 * 1024

_TOO_LARGE = Problem(431, "gateway.rappit", "HEADERS_TOO_LARGE", f"the headers may have {MOST_HEAD_BYTES} bytes")
_NOT_HTTP = Problem(400, "gateway.rappit", "NOT_HTTP", "this is no HTTP request")
_PHRASES = {400: "Bad Request", 431: "Request Header Fields Too Large"}


class _HeadTooLargeError(Exception):
    pass


class LimitedProtocol(HttpToolsProtocol):
    """One connection."""

    # Of the head that is being received: how much of it there is, and when patience ends.
    _in_head = True
    _head_bytes = 0
    _unwanted_bytes = 0
    _patience: TimerHandle | None = None

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)  # type: ignore[arg-type]
        self._be_patient(HEAD_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._stop_patience()

    def data_received(self, data: bytes) -> None:
        if self._in_head:
            self._head_bytes += len(data)
        super().data_received(data)
        if (self._in_head and not self._head_bytes) or self.transport.is_closing():
            return
        if self._head_bytes > MOST_HEAD_BYTES:
            self.send_400_response("")
        elif self._patience is None:
            self._be_patient(HEAD_SECONDS if self._in_head else BODY_SECONDS)

    def on_headers_complete(self) -> None:
        if self._head_bytes > MOST_HEAD_BYTES:
            # What came with the head may be body: count what the head is.
            self._head_bytes = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
            if self._head_bytes > MOST_HEAD_BYTES:
                raise _HeadTooLargeError
        self._in_head = False
        self._head_bytes = 0
        self._stop_patience()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        super().on_body(body)
        if self.cycle.response_complete:
            self._unwanted_bytes += len(body)
            if self._unwanted_bytes > MOST_UNWANTED_BYTES:
                self.transport.close()

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._in_head = True
        self._unwanted_bytes = 0
        self._stop_patience()

    def send_400_response(self, msg: str) -> None:
        problem = _TOO_LARGE if self._head_bytes > MOST_HEAD_BYTES else _NOT_HTTP
        body = problem.body(instance="", trace_id="")
        head = (
            f"HTTP/1.1 {problem.status} {_PHRASES[problem.status]}\r\ncontent-type: {MEDIA_TYPE}\r\n"
            f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()

    def _be_patient(self, seconds: float) -> None:
        self._patience = self.loop.call_later(seconds, self._lose_patience)

    def _stop_patience(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _lose_patience(self) -> None:
        self._patience = None
        cast("BaseTransport", self.transport).close()
