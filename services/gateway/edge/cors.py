"""Pages of other origins that may use the API: those of a list, each named in full (fetch.spec.whatwg.org, CORS)."""

from collections.abc import Iterable

from starlette.responses import Response

from gateway.edge.visits import Handler, Visit

_METHODS = b"GET, HEAD, POST, PUT, PATCH, DELETE"
_TAKEN = (
    b"authorization, content-type, idempotency-key, if-match, if-none-match, last-event-id, traceparent, x-request-id"
)
_SHOWN = b"etag, ratelimit, ratelimit-policy, retry-after, traceparent, x-request-id"
# How long a browser need not ask again; some take no more.
_REMEMBERED_SECONDS = b"7200"


class Cors:
    """Answers `handle`'s answers, and to pages that may read them says so. No cookie is taken, so none is let in."""

    def __init__(self, handle: Handler, origins: Iterable[str]) -> None:
        self._handle = handle
        self._origins = frozenset(origin.encode() for origin in origins)

    async def __call__(self, visit: Visit) -> Response:
        if self._origins:
            visit.headers_out[b"vary"] = b"origin"
        origin = visit.header(b"origin")
        if origin not in self._origins:
            return await self._handle(visit)
        visit.headers_out[b"access-control-allow-origin"] = origin
        if visit.method == "OPTIONS" and visit.header(b"access-control-request-method"):
            visit.headers_out |= {
                b"access-control-allow-methods": _METHODS,
                b"access-control-allow-headers": _TAKEN,
                b"access-control-max-age": _REMEMBERED_SECONDS,
            }
            return Response(status_code=204)
        visit.headers_out[b"access-control-expose-headers"] = _SHOWN
        return await self._handle(visit)
