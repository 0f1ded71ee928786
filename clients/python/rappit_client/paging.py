"""Lists as iterations."""

from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any, TypeVar

from google.protobuf.message import Message

from rappit_client.calls import Calls
from rappit_client.rpc import Rpc

A = TypeVar("A", bound=Message)
E = TypeVar("E")


async def all_pages(
    calls: Calls,
    rpc: Rpc[A],
    request: Message,
    elements: Callable[[A], Iterable[E]],
    *,
    timeout: float | None,  # noqa: ASYNC109 (of each page)
) -> AsyncIterator[E]:
    """The elements from the request's page on, read page by page as they are asked for."""
    asked: Any = type(request)()
    asked.CopyFrom(request)
    while True:
        answer: Any = await calls.call(rpc, asked, timeout=timeout)
        for element in elements(answer):
            yield element
        asked.page_token = answer.next_page_token
        if not asked.page_token:
            return
