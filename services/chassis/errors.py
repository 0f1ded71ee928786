"""Refusals: what a caller is told when something is not done. Each is a class; its reason is its name.

A service's own refusals stand in its `errors.py`, one class per reason of its proto. Here are those that every service
can give (`rappit.types.v1.ErrorReason`). `rpc/guard.py` puts them on the wire, `rpc/client.py` brings them back as
RemoteRefusal. Message and facts reach the caller and the logs: no secrets, nothing about people.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from grpc import StatusCode

_START_OF_WORD = re.compile(r"(?<!^)(?=[A-Z])")


class Violation(NamedTuple):
    """A field that breaks its rule: its path (`lines[0].quantity`) and what is wrong with it, in words."""

    field: str
    description: str


class NotYet(Exception):
    """A message that cannot be applied yet, through no fault of its own: it is tried again without limit.

    rest: how long there is no use in trying, where somebody makes the lane due when there is (`lane_rows.make_due`).
    """

    def __init__(self, message: str = "", *, rest: timedelta | None = None) -> None:
        super().__init__(message)
        self.rest = rest


class Refusal(Exception):
    """Something that is not done, and why. A subclass sets `code` and `domain`; its name gives `reason`."""

    code: StatusCode
    domain: str
    reason: str

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "reason" not in cls.__dict__:
            cls.reason = _START_OF_WORD.sub("_", cls.__name__).upper()

    def __init__(
        self,
        message: str,
        *,
        facts: Mapping[str, object] | None = None,
        violations: Sequence[Violation] = (),
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.facts = {name: str(value) for name, value in (facts or {}).items()}
        self.violations = tuple(violations)
        self.retry_after = retry_after

    def __repr__(self) -> str:
        return f"{self.domain}/{self.reason}: {self.message}"


class RemoteRefusal(Refusal):
    """What another service answered instead of a result. Compare `domain` and `reason`, not the message."""

    def __init__(
        self,
        message: str,
        *,
        code: StatusCode,
        domain: str,
        reason: str,
        facts: Mapping[str, object] | None = None,
        violations: Sequence[Violation] = (),
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(message, facts=facts, violations=violations, retry_after=retry_after)
        self.code = code
        self.domain = domain
        self.reason = reason


class ChassisRefusal(Refusal):
    """A refusal that every service can give."""

    domain = "rappit"


class NotAuthenticated(ChassisRefusal):
    """The call carries no token that is good here; `problem` says why and never quotes the token."""

    code = StatusCode.UNAUTHENTICATED

    def __init__(self, problem: str) -> None:
        super().__init__(f"not authenticated: {problem}", facts={"problem": problem})


class NotPermitted(ChassisRefusal):
    """The caller is known but may not call this. `permission` is the one that is missing, where one would help."""

    code = StatusCode.PERMISSION_DENIED

    def __init__(self, problem: str, *, permission: str = "") -> None:
        super().__init__(problem, facts={"permission": permission} if permission else None)


class InvalidRequest(ChassisRefusal):
    """Fields of the request break their rules."""

    code = StatusCode.INVALID_ARGUMENT

    def __init__(self, message: str = "the request breaks its rules", violations: Sequence[Violation] = ()) -> None:
        super().__init__(message, violations=violations)


class DeadlineRequired(ChassisRefusal):
    """The call has no deadline."""

    code = StatusCode.INVALID_ARGUMENT

    def __init__(self) -> None:
        super().__init__("the call needs a deadline: send a gRPC timeout")


class IdempotencyKeyRequired(ChassisRefusal):
    """The RPC takes an idempotency key and the call has none that will do."""

    code = StatusCode.INVALID_ARGUMENT

    def __init__(self) -> None:
        super().__init__("the call needs an idempotency key", facts={"header": "idempotency-key"})


class IdempotencyKeyReused(ChassisRefusal):
    """The key was used for another request."""

    code = StatusCode.FAILED_PRECONDITION

    def __init__(self, key: str) -> None:
        super().__init__("the idempotency key was used for another request", facts={"key": key})


class IdempotencyKeyInFlight(ChassisRefusal):
    """A call with the same key is being carried out right now."""

    code = StatusCode.ABORTED

    def __init__(self, key: str) -> None:
        super().__init__("a call with this idempotency key is being carried out", facts={"key": key})


class ChangedMeanwhile(ChassisRefusal):
    """The thing was changed since the caller read it; `etag` is the one it has now."""

    code = StatusCode.ABORTED

    def __init__(self, etag: str) -> None:
        super().__init__("it was changed meanwhile: read it again", facts={"etag": etag})


class UnavailableForNow(ChassisRefusal):
    """A part that RAPPIT leans on ("database", "identity") does not answer."""

    code = StatusCode.UNAVAILABLE

    def __init__(self, part: str, *, retry_after: timedelta = timedelta(seconds=1)) -> None:
        super().__init__(f"{part} does not answer for now", facts={"part": part}, retry_after=retry_after)


class Overloaded(ChassisRefusal):
    """Too many calls at once."""

    code = StatusCode.RESOURCE_EXHAUSTED

    def __init__(self, *, retry_after: timedelta = timedelta(seconds=1)) -> None:
        super().__init__("too many calls at once", retry_after=retry_after)


class InternalFault(ChassisRefusal):
    """A fault of ours; the id finds it in the logs."""

    code = StatusCode.INTERNAL

    def __init__(self, error_id: str) -> None:
        super().__init__("a fault of ours; its id finds it in the logs", facts={"error_id": error_id})


class PageTokenInvalid(ChassisRefusal):
    """The page token was not made by this list with these filters."""

    code = StatusCode.INVALID_ARGUMENT

    def __init__(self) -> None:
        super().__init__("the page token was not made by this list with these filters")


class DeadlinePassed(ChassisRefusal):
    """The caller's time ran out before the work was done."""

    code = StatusCode.DEADLINE_EXCEEDED

    def __init__(self) -> None:
        super().__init__("the time ran out before the work was done")
