"""How the control API reads requests and refuses them: always JSON, `{"errors": [{"field", "problem"}]}`."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulator.shops.provider import ChangeRefused
from simulator.shops.requests import Problem, Refused

MOST_BODY_BYTES = 1024 * 1024


async def body_of(request: Request) -> bytes:
    """The body. Raises HTTPException where it is too large."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BODY_BYTES:
            raise HTTPException(413, f"the body may have {MOST_BODY_BYTES} bytes")
    return body


def number_of(request: Request, name: str) -> int | None:
    """A parameter of the query; None where it is not given. Raises Refused."""
    text = request.query_params.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and 0 < len(text) < 10 and int(text)):
        raise Refused(Problem(name, "is no whole number from 1 up"))
    return int(text)


def _errors(status: int, *problems: Problem) -> Response:
    return JSONResponse({"errors": [problem._asdict() for problem in problems]}, status)


async def _refused(_request: Request, error: Refused) -> Response:
    return _errors(422, *error.problems)


async def _not_now(_request: Request, error: ChangeRefused) -> Response:
    return _errors(409, Problem("order", str(error)))


async def _http(_request: Request, error: HTTPException) -> Response:
    return _errors(error.status_code, Problem("", error.detail))


REFUSALS: Mapping[Any, Callable[[Request, Any], Awaitable[Response]]] = {
    Refused: _refused,
    ChangeRefused: _not_now,
    HTTPException: _http,
}
