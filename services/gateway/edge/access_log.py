"""The access log: one JSON line per request, in the form of all logs (chassis/telemetry/logs.py).

It is written here and not by the log, whose search for secrets costs as much as taking a delivery does. So nothing that
a stranger chose may stand in it: routes, methods, ids that were checked, numbers, and words of ours.
"""

import sys
from datetime import UTC, datetime
from typing import TextIO

import msgspec

from chassis.telemetry.traces import Span
from gateway.edge.visits import Visit

_encode = msgspec.json.Encoder().encode
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def method_shown(method: str) -> str:
    """The method, where it is one that there is."""
    return method if method in _METHODS else "OTHER"


class AccessLog:
    """Writes to stdout, or to `stream`."""

    def __init__(self, service: str, *, written: bool = True, stream: TextIO | None = None) -> None:
        self._service = service
        self._written = written
        self._stream = stream or sys.stdout

    def write(self, visit: Visit, span: Span, *, status: int, sent: int, seconds: float) -> None:
        """The line of a request that was answered; 499 where the client left before."""
        if not self._written:
            return
        line = {
            "event": visit.event,
            "level": "info",
            "time": datetime.now(UTC),
            "service": self._service,
            "method": method_shown(visit.method),
            "route": visit.route,
            "status": status,
            "milliseconds": round(seconds * 1000, 2),
            "received": visit.received,
            "sent": sent,
            "request_id": visit.request_id or span.trace_id,
            "trace_id": span.trace_id,
            "span_id": span.span_id,
            **visit.facts,
        }
        self._stream.write(_encode(line).decode() + "\n")
        self._stream.flush()
