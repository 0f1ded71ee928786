"""JSON documents and messages, both ways, by protobuf's json_format."""

import json
from typing import Any, TypeVar, cast

from google.protobuf import json_format
from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message

from chassis.errors import InvalidRequest, Violation
from gateway.rest.faults import faults

M = TypeVar("M", bound=Message)


def parse_document(body: bytes) -> dict[str, Any]:
    """The JSON object that a body is. Raises InvalidRequest; an empty body is an empty object."""
    if not body.strip():
        return {}
    try:
        document = json.loads(body.decode(), object_pairs_hook=_once_each, parse_constant=_no_constant)
    except RecursionError as error:
        raise InvalidRequest("the body is nested too deeply") from error
    except ValueError as error:
        raise InvalidRequest(f"the body is not JSON: {error}") from error
    if not isinstance(document, dict):
        raise InvalidRequest("the body is not a JSON object")
    return document


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) < len(pairs):
        raise ValueError("a name comes twice in one object")
    return document


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def read_message(document: dict[str, Any], message_type: type[M]) -> M:
    """The message that a document is. Raises InvalidRequest naming each field at fault."""
    descriptor = cast("Descriptor", message_type.DESCRIPTOR)
    violations = [Violation(path, description) for path, description in faults(document, descriptor)]
    if violations:
        raise InvalidRequest(violations=violations)
    try:
        return json_format.ParseDict(document, message_type())
    except (json_format.ParseError, ValueError, TypeError) as error:
        raise InvalidRequest(f"the request cannot be read: {error}") from error


def write_message(message: Message) -> bytes:
    """A message as protobuf JSON, its empty fields among it, so that a reader need not know the defaults.

    Fields stand in the order of the contract; json_format puts the empty ones last.
    """
    document = json_format.MessageToDict(message, always_print_fields_with_no_presence=True)
    ordered = _in_order(document, cast("Descriptor", message.DESCRIPTOR))
    return json.dumps(ordered, ensure_ascii=False, separators=(",", ":")).encode()


def _in_order(document: dict[str, Any], message: Descriptor) -> dict[str, Any]:
    ordered = {}
    for field in message.fields:
        value = document.get(field.camelcase_name)
        inner = field.message_type
        if value and inner is not None and isinstance(value, dict | list) and inner.file.package != "google.protobuf":
            if isinstance(value, list):
                value = [_in_order(element, inner) for element in value]
            elif not inner.GetOptions().map_entry:
                value = _in_order(value, inner)
        if value is not None:
            ordered[field.camelcase_name] = value
    return ordered
