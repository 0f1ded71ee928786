"""Query parameters as the fields of a request: repeated ones by repeating the name, inner ones as `outer.inner`."""

from typing import Any, cast
from urllib.parse import parse_qsl

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from chassis.errors import InvalidRequest, Violation
from gateway.rest.contract import resolve_field

MOST_PARAMETERS = 200
_TRUTH = {"true": True, "false": False}


def read_query(query: str, message_type: type[Message]) -> dict[str, Any]:
    """The document that a query string is. Raises InvalidRequest naming each parameter at fault."""
    try:
        pairs = parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=MOST_PARAMETERS)
    except ValueError as error:
        raise InvalidRequest(f"the query cannot be read: {error}") from error
    message = cast("Descriptor", message_type.DESCRIPTOR)
    document: dict[str, Any] = {}
    violations = []
    for name, text in pairs:
        wrong = _put(document, message, name, text)
        if wrong:
            violations.append(Violation(name, wrong))
    if violations:
        raise InvalidRequest(violations=violations)
    return document


def _put(document: dict[str, Any], message: Descriptor, name: str, text: str) -> str:
    """Puts one parameter into the document; answers what is wrong with it, empty for nothing."""
    try:
        field = resolve_field(message, name)
    except ValueError:
        return "is not a parameter of this request"
    if field.message_type is not None and field.message_type.file.package != "google.protobuf":
        return "is not a single value"
    value = _TRUTH.get(text, text) if field.cpp_type == FieldDescriptor.CPPTYPE_BOOL else text
    place = document
    *outer, last = name.split(".")
    for part in outer:
        place = place.setdefault(part, {})
    if field.is_repeated:
        place.setdefault(last, []).append(value)
    elif last in place:
        return "comes twice"
    else:
        place[last] = value
    return ""
