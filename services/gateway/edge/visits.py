"""One HTTP request on its way through the gateway."""

import re
from collections.abc import Awaitable, Callable

from starlette.responses import Response
from starlette.types import Receive, Scope

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")


class Visit:
    """A request, and what the access log will say of it.

    route: the template of its path once that is known, never the path itself: what a stranger puts there is his.
    headers_out: what its answer will carry, whatever that is.
    event, facts: what was done, in the log's words; facts hold ids and words of ours, nothing that people wrote.
    """

    __slots__ = ("_headers", "event", "facts", "headers_out", "receive", "received", "route", "scope")

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self.scope = scope
        self.receive = receive
        self.received = 0
        self.route = ""
        self.event = "request served"
        self.headers_out: dict[bytes, bytes] = {}
        self.facts: dict[str, str | int] = {}
        # Of a header that comes twice the last; where that matters, `headers` has both.
        self._headers: dict[bytes, bytes] = dict(scope["headers"])

    @property
    def request_id(self) -> str:
        """The id that the caller gave the request; empty where it gave none that will do."""
        given = self.header(b"x-request-id")
        return given.decode() if _REQUEST_ID.fullmatch(given) else ""

    @property
    def method(self) -> str:
        """In capitals."""
        return str(self.scope["method"])

    @property
    def peer(self) -> str:
        """The address that the connection comes from."""
        client = self.scope.get("client")
        return str(client[0]) if client else ""

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        """As they came, names in lower case."""
        headers: list[tuple[bytes, bytes]] = self.scope["headers"]
        return headers

    @property
    def raw_path(self) -> str:
        """The path as it was sent, percent signs and all, without the query."""
        return bytes(self.scope["raw_path"]).decode("ascii")

    @property
    def query(self) -> str:
        """What stands behind the question mark, as it was sent."""
        return bytes(self.scope["query_string"]).decode("latin-1")

    @property
    def traceparent(self) -> str:
        """The caller's trace context, as it was sent."""
        return self.header(b"traceparent").decode("latin-1")

    def header(self, name: bytes) -> bytes:
        """The value of a header; empty where it is missing."""
        return self._headers.get(name, b"")


Handler = Callable[[Visit], Awaitable[Response]]
