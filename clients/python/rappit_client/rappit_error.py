"""The tree of errors: RappitError, and below it Refused, Unreachable, NotSignedIn, UnexpectedAnswer.

Below Refused is one class per reason of the contract (`rappit_client.errors`).
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

__all__ = [
    "NotSignedIn",
    "RappitError",
    "Refused",
    "TimedOut",
    "UnexpectedAnswer",
    "Unreachable",
    "Violation",
]


class Violation(NamedTuple):
    """A field of the request that breaks its rule: its path (`lines[0].item_id`) and what is wrong, in words."""

    field: str
    description: str


class RappitError(Exception):
    """A call that did not give its answer.

    idempotency_key: the key that the call was made with, where its RPC takes one. Handed in with the same request, it
        repeats the call without doing anything twice, even hours later.
    retry_after: how long to wait before that, where it was said.
    """

    def __init__(self, message: str, *, retry_after: timedelta | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.idempotency_key = ""


class Refused(RappitError):
    """RAPPIT answered no. A reason that this version does not know comes as this class itself.

    status: of HTTP. reason, domain: stable words, for example "ORDER_NOT_FOUND", "orders.rappit".
    facts: what the reason is about, for example {"order_id": "0192..."}. violations: the fields at fault.
    trace_id: finds the call in RAPPIT's logs; give it to whoever runs RAPPIT.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int,
        reason: str,
        domain: str,
        facts: Mapping[str, str] | None = None,
        violations: Sequence[Violation] = (),
        trace_id: str = "",
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(message, retry_after=retry_after)
        self.message = message
        self.status = status
        self.reason = reason
        self.domain = domain
        self.facts = dict(facts or {})
        self.violations = tuple(violations)
        self.trace_id = trace_id

    def __str__(self) -> str:
        faults = "".join(f"; {violation.field}: {violation.description}" for violation in self.violations)
        trace = f", trace {self.trace_id}" if self.trace_id else ""
        return f"{self.message}{faults} ({self.domain}/{self.reason}{trace})"


class Unreachable(RappitError):
    """No answer of RAPPIT's came.

    maybe_done: whether the call may have been carried out all the same: False when it never left.
    """

    def __init__(self, message: str, *, maybe_done: bool = True, retry_after: timedelta | None = None) -> None:
        super().__init__(message, retry_after=retry_after)
        self.maybe_done = maybe_done


class TimedOut(Unreachable):
    """The time of the call ran out before its answer came."""


class NotSignedIn(RappitError):
    """There is no session: nobody has signed in, or it has ended, and then the refusal that said so is the cause."""


class UnexpectedAnswer(RappitError):
    """What answered does not speak as RAPPIT does: a wrong address, or something in front of RAPPIT."""

    def __init__(self, message: str, *, status: int) -> None:
        super().__init__(message)
        self.status = status
