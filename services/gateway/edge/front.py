"""The ASGI application: what every request passes on its way in and out, whatever it asks for."""

import time
from uuid import uuid4

from opentelemetry.trace import SpanKind
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from chassis.errors import InternalFault, Refusal, UnavailableForNow
from chassis.telemetry import traces
from chassis.telemetry.logs import get_logger
from gateway.edge import metrics
from gateway.edge.access_log import AccessLog
from gateway.edge.bodies import ClientLeft
from gateway.edge.problems import problem_of, problem_response
from gateway.edge.visits import Handler, Visit
from gateway.errors import EdgeRefusal

# Nobody waits for it; the number is nginx's.
CLIENT_LEFT = 499
MOST_AT_ONCE = 2_000

SECURITY_HEADERS = (
    (b"cache-control", b"no-store"),
    (b"strict-transport-security", b"max-age=63072000; includeSubDomains"),
    (b"x-content-type-options", b"nosniff"),
)
# For whoever opens an answer as a page; the empty 2xx of a delivery is none.
PAGE_HEADERS = (
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
)

log = get_logger()


class Front:
    """Gives each request a trace and an id, its refusals a problem, its answer the headers of all, and logs it."""

    def __init__(self, handle: Handler, access_log: AccessLog, *, most_at_once: int = MOST_AT_ONCE) -> None:
        self._handle = handle
        self._access_log = access_log
        self._most_at_once = most_at_once
        self.under_way = 0
        self._ready = False
        metrics.requests_under_way.set_function(lambda: self.under_way)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        visit = Visit(scope, receive)
        status, sent = CLIENT_LEFT, 0
        self.under_way += 1
        with traces.span("HTTP request", traceparent=visit.traceparent, kind=SpanKind.SERVER) as span:
            try:
                response = await self._answer(visit, span)
                self._add_headers(response, visit, span)
                await response(scope, receive, send)
                status, sent = response.status_code, len(response.body)
            except ClientLeft:
                visit.event = "client left"
            finally:
                self.under_way -= 1
                seconds = time.perf_counter() - started
                metrics.observe(visit.route, visit.method, status, seconds)
                span.note({"http.route": visit.route, "http.response.status_code": status})
                self._access_log.write(visit, span, status=status, sent=sent, seconds=seconds)

    def set_ready(self, ready: bool) -> None:
        """While it is not, connections end with their answers, so that their next request goes elsewhere."""
        self._ready = ready

    async def _answer(self, visit: Visit, span: traces.Span) -> Response:
        refusal: Refusal | EdgeRefusal
        try:
            if self.under_way > self._most_at_once:
                raise UnavailableForNow("gateway")
            return await self._handle(visit)
        except (Refusal, EdgeRefusal) as error:
            refusal = error
            visit.facts["reason"] = error.reason
        except ClientLeft:
            raise
        except Exception:
            # Nobody outside gets the text of an exception.
            refusal = InternalFault(str(uuid4()))
            visit.facts["reason"] = refusal.reason
            log.exception("internal fault", **refusal.facts, route=visit.route)
        problem = problem_of(refusal, if_match=visit.header(b"if-match"))
        return problem_response(problem, instance=visit.raw_path, trace_id=span.trace_id)

    def _add_headers(self, response: Response, visit: Visit, span: traces.Span) -> None:
        """What the answer says itself, as a page does of what it may load, is left so."""
        headers = response.raw_headers
        headers.extend(visit.headers_out.items())
        said = {name for name, _ in headers}
        headers.extend(each for each in SECURITY_HEADERS if each[0] not in said)
        if response.body:
            headers.extend(each for each in PAGE_HEADERS if each[0] not in said)
        headers.append((b"x-request-id", (visit.request_id or span.trace_id).encode()))
        headers.append((b"traceparent", span.traceparent.encode()))
        if not self._ready:
            headers.append((b"connection", b"close"))
