"""A client whose server answers by a script, and whose waits between tries take no time."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2

from rappit_client import Retries, Session
from rappit_client.calls import Calls
from rappit_client.gen.contexts import Contexts
from rappit_client.sign_in_state import SignInState

Step = httpx2.Response | Exception | None
"""What comes of one try; None for an answer that never comes."""

OK = httpx2.Response(200, json={})


def problem(
    status: int, reason: str, domain: str = "rappit", headers: dict[str, str] | None = None, **more: Any
) -> httpx2.Response:
    """A refusal as the gateway writes it."""
    body = {"status": status, "reason": reason, "domain": domain, "detail": "no", "traceId": "4bf92f35", **more}
    return httpx2.Response(
        status, content=json.dumps(body), headers={"content-type": "application/problem+json", **(headers or {})}
    )


def session(name: str = "first", *, minutes: float = 5.0) -> Session:
    """A session whose access token lives for so long."""
    now = datetime.now(UTC)
    ends, refresh_ends = now + timedelta(minutes=minutes), now + timedelta(days=7)
    return Session("s", "o", "u", f"access-{name}", ends, f"refresh-{name}", refresh_ends)


class Scripted(Contexts):
    """`sent` has what was sent, `waits` the seconds waited between tries."""

    def __init__(
        self, *script: Step, state: SignInState | None = None, timeout: float = 5.0, retries: Retries | None = None
    ) -> None:
        self.sent: list[httpx2.Request] = []
        self.waits: list[float] = []
        self._script = iter(script)
        self.state = state or SignInState(session(), _none, None)
        http = httpx2.AsyncClient(transport=httpx2.MockTransport(self._answer))
        self.calls = Calls(
            "http://rappit.example/", http, self.state, timeout=timeout, retries=retries or Retries(), wait=self._wait
        )
        super().__init__(self.calls)

    @property
    def keys(self) -> list[str]:
        """The idempotency key of each try."""
        return [request.headers.get("idempotency-key", "") for request in self.sent]

    async def _answer(self, request: httpx2.Request) -> httpx2.Response:
        self.sent.append(request)
        step = next(self._script)
        if step is None:
            await asyncio.Event().wait()
        if isinstance(step, Exception):
            raise step
        assert step is not None
        return httpx2.Response(step.status_code, content=step.content, headers=step.headers)

    async def _wait(self, seconds: float) -> None:
        self.waits.append(seconds)


async def _none(refresh_token: str) -> Session:
    raise AssertionError(refresh_token)
