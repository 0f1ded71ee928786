"""One call from its request to its answer: the key, the token, the tries, the time."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any, TypeVar
from uuid import uuid4

import httpx2
from google.protobuf.message import Message

from rappit_client.problems import error_of, unexpected
from rappit_client.rappit_error import RappitError, Refused, TimedOut, Unreachable
from rappit_client.retries import Retries, may_try_again
from rappit_client.rpc import Rpc
from rappit_client.sign_in_state import SignInState
from rappit_client.transcoding import Written, read_answer, write_request

A = TypeVar("A", bound=Message)
_KEY = re.compile(r"[\x21-\x7e]{1,200}")
# Nothing had left when these were raised.
_NEVER_LEFT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)
# The whole of a call is timed here; an address that swallows connections is given up sooner.
_CONNECT_ONLY = httpx2.Timeout(None, connect=5.0)


class Calls:
    """Calls RAPPIT at an address.

    timeout: seconds that a call may take in all, where it does not say. wait: how it waits between tries.
    """

    def __init__(
        self,
        address: str,
        http: httpx2.AsyncClient,
        state: SignInState,
        *,
        timeout: float,
        retries: Retries,
        wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._address = address.rstrip("/")
        self._http = http
        self._state = state
        self._timeout = timeout
        self._retries = retries
        self._wait = wait

    async def call(
        self,
        rpc: Rpc[A],
        request: Message,
        *,
        timeout: float | None = None,  # noqa: ASYNC109 (of all tries together)
        idempotency_key: str = "",
    ) -> A:
        """The answer. Raises RappitError, and ValueError for a request that cannot be sent."""
        key = _key_of(rpc, idempotency_key)
        written = write_request(rpc, request)
        seconds = self._timeout if timeout is None else timeout
        try:
            return await self._within(seconds, rpc, written, key)
        except RappitError as failure:
            failure.idempotency_key = key
            raise

    async def _within(self, seconds: float, rpc: Rpc[A], written: Written, key: str) -> A:
        failure: RappitError | None = None
        ends = asyncio.get_running_loop().time() + seconds
        whole = asyncio.timeout_at(ends)
        try:
            async with whole:
                for retry in count(1):
                    try:
                        return await self._with_token(rpc, written, key)
                    except RappitError as error:
                        failure = error
                        wait = self._retries.wait_before(retry, error)
                        in_time = asyncio.get_running_loop().time() + wait < ends
                        if retry > self._retries.most or not in_time or not may_try_again(rpc, error):
                            raise
                    await self._wait(wait)
        except TimeoutError:
            if not whole.expired():
                raise
            raise TimedOut(f"{rpc.name} gave no answer within {seconds:g} s") from failure
        raise AssertionError

    async def _with_token(self, rpc: Rpc[A], written: Written, key: str) -> A:
        if not rpc.signed_in:
            return await self._once(rpc, written, key, "")
        token = await self._state.token()
        try:
            return await self._once(rpc, written, key, token)
        except Refused as refusal:
            # Nothing was done: who is not known does nothing. Once more, whatever the RPC.
            if refusal.status != httpx2.codes.UNAUTHORIZED:
                raise
        return await self._once(rpc, written, key, await self._state.token_instead_of(token))

    async def _once(self, rpc: Rpc[A], written: Written, key: str, token: str) -> A:
        headers = {"accept": "application/json"}
        if written.body:
            headers["content-type"] = "application/json"
        if key:
            headers["idempotency-key"] = key
        if token:
            headers["authorization"] = f"Bearer {token}"
        try:
            response = await self._http.request(
                written.method,
                self._address + written.target,
                content=written.body or None,
                headers=headers,
                timeout=_CONNECT_ONLY,
            )
        except _NEVER_LEFT as error:
            raise Unreachable(f"{self._address} cannot be reached: {error!r}", maybe_done=False) from error
        except httpx2.TransportError as error:
            raise Unreachable(f"the connection to {self._address} broke: {error!r}") from error
        if response.status_code != httpx2.codes.OK:
            raise error_of(response)
        try:
            return read_answer(rpc, response.content)
        except ValueError as error:
            raise unexpected(response) from error


def _key_of(rpc: Rpc[Any], given: str) -> str:
    """The key of one call, however often it is tried; empty where the RPC takes none."""
    if given and not _KEY.fullmatch(given):
        raise ValueError("an idempotency key has 1 to 200 visible ASCII characters")
    return (given or str(uuid4())) if rpc.takes_key else ""
