"""Refusals of the edge itself, for which gRPC has no code: each has its HTTP status. Those of services pass through."""

import re
from collections.abc import Iterable

_START_OF_WORD = re.compile(r"(?<!^)(?=[A-Z])")


class EdgeRefusal(Exception):
    """A request that the gateway refuses for its HTTP. The class's name gives `reason`."""

    status: int
    domain = "gateway.rappit"
    reason: str

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.reason = _START_OF_WORD.sub("_", cls.__name__).upper()

    def __init__(self, message: str, *, headers: Iterable[tuple[bytes, bytes]] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.headers = tuple(headers)


class RouteNotFound(EdgeRefusal):
    """There is nothing at this path."""

    status = 404

    def __init__(self) -> None:
        super().__init__("there is nothing at this path")


class MethodNotAllowed(EdgeRefusal):
    """The path is there, and takes other methods."""

    status = 405

    def __init__(self, allowed: Iterable[str]) -> None:
        allow = ", ".join(sorted(allowed))
        super().__init__(f"this path takes {allow}", headers=[(b"allow", allow.encode())])


class BodyTooLarge(EdgeRefusal):
    """The body is larger than what is taken here."""

    status = 413

    def __init__(self, most_bytes: int) -> None:
        super().__init__(f"the body may have {most_bytes} bytes")


class RateLimited(EdgeRefusal):
    """More was asked than the quota allows; `Retry-After` says when there is more."""

    status = 429

    def __init__(self, policy: str, quota: int, seconds: int, *, retry_after: int) -> None:
        super().__init__(
            f"the quota of {quota} requests in {seconds} s per {policy} is spent",
            headers=[(b"retry-after", str(retry_after).encode())],
        )


class TooManyStreams(EdgeRefusal):
    """As many streams are open as may be: of the session, the organisation, or this replica."""

    status = 429

    def __init__(self) -> None:
        super().__init__("too many streams of live updates are open: close one", headers=[(b"retry-after", b"10")])


class SignatureWrong(EdgeRefusal):
    """No store at this address signed this delivery. Which of the two it is helps only a guesser, so it is not said."""

    status = 401

    def __init__(self) -> None:
        super().__init__("no store at this address signed this delivery")
