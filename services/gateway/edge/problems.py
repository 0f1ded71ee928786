"""Errors as RFC 9457 problem details: application/problem+json with a stable `reason` and the fields at fault."""

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from grpc import StatusCode
from starlette.responses import Response

from chassis.errors import (
    ChangedMeanwhile,
    DeadlinePassed,
    InternalFault,
    Overloaded,
    Refusal,
    UnavailableForNow,
    Violation,
)
from gateway.edge.statuses import HTTP_STATUS
from gateway.errors import EdgeRefusal

MEDIA_TYPE = "application/problem+json"
_SNAKE = re.compile(r"_([a-z0-9])")
_OWN_WORDS = {
    UnavailableForNow.reason: "a part that is needed does not answer for now",
    Overloaded.reason: "too many calls at once",
    DeadlinePassed.reason: "the time ran out before the work was done",
    InternalFault.reason: "a fault of ours; its id and the trace id find it in the logs",
}


@dataclass(frozen=True)
class Problem:
    """An error as the caller of the HTTP API gets it."""

    status: int
    domain: str
    reason: str
    detail: str
    metadata: Mapping[str, str] = field(default_factory=dict)
    violations: tuple[Violation, ...] = ()
    headers: tuple[tuple[bytes, bytes], ...] = ()

    def body(self, *, instance: str, trace_id: str) -> bytes:
        """The problem as JSON. `instance`: the path that was asked; `trace_id` finds the request in logs and traces."""
        document = {
            "type": f"urn:rappit:problem:{self.domain}:{self.reason}",
            "title": self.reason.replace("_", " ").capitalize(),
            "status": self.status,
            "detail": self.detail,
            "instance": instance,
            "reason": self.reason,
            "domain": self.domain,
            "metadata": dict(self.metadata),
            "violations": [
                {"field": _as_written(violation.field), "description": violation.description}
                for violation in self.violations
            ],
            "traceId": trace_id,
        }
        return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def problem_of(refusal: Refusal | EdgeRefusal, *, if_match: bytes = b"") -> Problem:
    """The problem that a refusal is, whether a service's or the gateway's own. `if_match`: as the request has it."""
    if isinstance(refusal, EdgeRefusal):
        return Problem(refusal.status, refusal.domain, refusal.reason, refusal.message, headers=refusal.headers)
    return Problem(
        status=412 if if_match and refusal.reason == ChangedMeanwhile.reason else HTTP_STATUS[refusal.code],
        domain=refusal.domain,
        reason=refusal.reason,
        # gRPC's own words name addresses behind us.
        detail=_OWN_WORDS.get(refusal.reason, refusal.message) if refusal.domain == "rappit" else refusal.message,
        metadata=refusal.facts,
        violations=refusal.violations,
        headers=tuple(_headers(refusal)),
    )


def problem_response(problem: Problem, *, instance: str, trace_id: str) -> Response:
    """The answer that tells a problem."""
    response = Response(problem.body(instance=instance, trace_id=trace_id), problem.status, media_type=MEDIA_TYPE)
    response.raw_headers.extend(problem.headers)
    return response


def _headers(refusal: Refusal) -> Iterable[tuple[bytes, bytes]]:
    if refusal.retry_after is not None:
        # Whole seconds, rounded up: who comes back at once comes too early.
        yield b"retry-after", str(max(1, math.ceil(refusal.retry_after.total_seconds()))).encode()
    if refusal.code is StatusCode.UNAUTHENTICATED:
        # RFC 9110, 11.6.1: every 401 says how to come back.
        yield b"www-authenticate", b'Bearer realm="rappit"'


def _as_written(path: str) -> str:
    """A field's path as JSON spells it: services name `lines[0].item_id`, the caller wrote `lines[0].itemId`."""
    names_and_keys = path.split('"')
    names_and_keys[::2] = [_SNAKE.sub(lambda match: match.group(1).upper(), names) for names in names_and_keys[::2]]
    return '"'.join(names_and_keys)
