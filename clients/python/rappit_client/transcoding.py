"""Messages as HTTP says them: path, query and body by the RPC's route, in protobuf JSON. Pure."""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple, TypeVar
from urllib.parse import quote, urlencode

from google.protobuf import json_format
from google.protobuf.message import Message

from rappit_client.rpc import Rpc

A = TypeVar("A", bound=Message)
_VARIABLE = re.compile(r"\{([a-z0-9_]+)(?:=\*)?\}")


class Written(NamedTuple):
    """A request as it is sent."""

    method: str
    target: str
    """Path and query."""
    body: bytes


def write_request(rpc: Rpc[Any], request: Message) -> Written:
    """The request as HTTP. Raises ValueError where a field that the path needs is empty."""
    document = json_format.MessageToDict(request)
    path = _VARIABLE.sub(lambda found: _segment(request, found[1], document), rpc.path)
    if rpc.has_body:
        return Written(rpc.method, path, json.dumps(document, ensure_ascii=False).encode())
    query = urlencode(list(_parameters(document)))
    return Written(rpc.method, f"{path}?{query}" if query else path, b"")


def read_answer(rpc: Rpc[A], body: bytes) -> A:
    """The answer. What a newer server added is passed over. Raises ValueError where it is none."""
    try:
        return json_format.Parse(body, rpc.answer(), ignore_unknown_fields=True)
    except (json_format.ParseError, UnicodeDecodeError) as error:
        raise ValueError(str(error)) from error


def _segment(request: Message, field: str, document: dict[str, Any]) -> str:
    """A field as a segment of the path; it is taken out of the document."""
    document.pop(request.DESCRIPTOR.fields_by_name[field].camelcase_name, None)
    value = str(getattr(request, field))
    if value in {"", ".", ".."}:
        raise ValueError(f"{request.DESCRIPTOR.name}.{field} is {value!r}, and the path of the call needs it")
    return quote(value, safe="")


def _parameters(document: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Repeated fields by repeating the name, inner ones as `outer.inner`."""
    for name, value in document.items():
        if isinstance(value, dict):
            yield from _parameters(value, f"{prefix}{name}.")
            continue
        for element in value if isinstance(value, list) else [value]:
            yield prefix + name, str(element).lower() if isinstance(element, bool) else str(element)
