"""The error that an HTTP answer is. Pure."""

import json
import re
from datetime import timedelta
from typing import Any

import httpx2

from rappit_client.gen.errors import BY_REASON
from rappit_client.rappit_error import RappitError, Refused, UnexpectedAnswer, Unreachable, Violation

MEDIA_TYPE = "application/problem+json"
# What a proxy says while RAPPIT is away behind it.
_AWAY = frozenset({429, 502, 503, 504})
_CAPITAL = re.compile(r"(?<=[a-z0-9])[A-Z]")


def error_of(response: httpx2.Response) -> RappitError:
    """What an answer other than 200 says."""
    retry_after = _retry_after(response.headers.get("retry-after", ""))
    problem = _problem(response)
    if problem is None:
        if response.status_code in _AWAY:
            return Unreachable(f"{response.status_code} from what is in front of RAPPIT", retry_after=retry_after)
        return unexpected(response)
    reason, domain = str(problem.get("reason", "")), str(problem.get("domain", ""))
    return BY_REASON.get((domain, reason), Refused)(
        str(problem.get("detail") or reason),
        status=response.status_code,
        reason=reason,
        domain=domain,
        facts={str(name): str(value) for name, value in _dict(problem.get("metadata")).items()},
        violations=[_violation(_dict(entry)) for entry in _list(problem.get("violations"))],
        trace_id=str(problem.get("traceId", "")),
        retry_after=retry_after,
    )


def unexpected(response: httpx2.Response) -> UnexpectedAnswer:
    """The answer is not RAPPIT's. What it says is not repeated: it may be a page, and of anybody."""
    kind = response.headers.get("content-type", "nothing")
    message = f"{response.request.url} answered {response.status_code} with {kind}: is that RAPPIT's address?"
    return UnexpectedAnswer(message, status=response.status_code)


def _problem(response: httpx2.Response) -> dict[str, Any] | None:
    if response.headers.get("content-type", "").partition(";")[0].strip() != MEDIA_TYPE:
        return None
    try:
        return _dict(json.loads(response.content)) or None
    except ValueError:
        return None


def _retry_after(text: str) -> timedelta | None:
    """RAPPIT says seconds; a date, as others may, is not read."""
    return timedelta(seconds=int(text)) if re.fullmatch(r"[0-9]{1,7}", text) else None


def _violation(entry: dict[str, Any]) -> Violation:
    """A field at fault, as the contract spells it: JSON says `lines[0].itemId`, a message has `lines[0].item_id`."""
    names_and_keys = str(entry.get("field", "")).split('"')
    names_and_keys[::2] = [_CAPITAL.sub(lambda found: f"_{found[0].lower()}", part) for part in names_and_keys[::2]]
    return Violation('"'.join(names_and_keys), str(entry.get("description", "")))


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
