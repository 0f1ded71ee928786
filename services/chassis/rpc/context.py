"""Who calls, and what a use case may know of the call that it serves."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID

import grpc.aio

Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, as a verified token says.

    name: "user:<uuid>" for a person, "service:orders" for a service.
    permissions: a person's; a service has none.
    impersonator: the platform's person who acts as the user.
    cause: why a service calls: the id of an event, or the name of an RPC or job.
    """

    name: str
    organization: UUID | None = None
    permissions: frozenset[str] = frozenset()
    user_id: UUID | None = None
    session_id: UUID | None = None
    impersonator: str | None = None
    cause: str | None = None

    @property
    def service(self) -> str | None:
        """Name of the calling service; None for a person."""
        return None if self.user_id else self.name.removeprefix("service:")


@dataclass(frozen=True, slots=True)
class Call:
    """One call as it passed the interceptors.

    rpc: "rappit.inventory.v1.ItemService/CreateItem".
    deadline: when the caller's time is up, in seconds of time.monotonic(), which is also the loop's time.
    idempotency_key, fingerprint: None and empty where the RPC takes no key; the fingerprint is a digest of the request.
    """

    caller: Caller
    rpc: str
    deadline: float
    idempotency_key: str | None = None
    fingerprint: bytes = b""
    traceparent: str = ""

    @property
    def organization(self) -> UUID:
        """The organisation that the call is for. Only an RPC that declares ORGANIZATION_NONE can be without one."""
        if self.caller.organization is None:
            raise LookupError(f"{self.rpc} belongs to no organisation")
        return self.caller.organization


_current: ContextVar[Call | None] = ContextVar("call", default=None)


def current_call() -> Call:
    """The call that is being served. Raises LookupError outside of one."""
    call = _current.get()
    if call is None:
        raise LookupError("no call is being served here")
    return call


def call_if_any() -> Call | None:
    """The call that is being served; None in jobs, consumers and loops."""
    return _current.get()


def begin(call: Call) -> None:
    """Make it the current call of this task. Each call has a task of its own, so nothing is put back."""
    _current.set(call)


@contextmanager
def calling(call: Call) -> Iterator[Call]:
    """Make it the current call for a while, as tests do that call a servicer directly."""
    token = _current.set(call)
    try:
        yield call
    finally:
        _current.reset(token)
