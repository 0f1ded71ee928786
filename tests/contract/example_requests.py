"""Requests of any RPC, made from its descriptor: one that obeys the contract's rules, and one for each rule's breach.

Values are tried until protovalidate is content, or is not. Where none is found CannotProbe is raised: no RPC and no
rule goes untested in silence.
"""

from collections.abc import Iterator
from importlib import import_module
from typing import Any, NamedTuple
from uuid import UUID

import protovalidate
from google.protobuf import descriptor_pool, message_factory
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from buf.validate import validate_pb2
from chassis.rpc.validation import described
from proto.map import contract
from rappit.types.v1.event_header_pb2 import EventHeader

# Loading the modules is what makes the descriptors known.
for _file in contract():
    import_module(_file.name.removesuffix(".proto").replace("/", ".") + "_pb2")

AN_ID = str(UUID(int=0x0192F3A0_0000_7000_8000_000000000001))
_GOOD_TEXTS = (
    "salmon kettle at dawn",
    AN_ID,
    "A1",
    "sara@example.com",
    "riyadh.myshopify.com",
    "orders",
    "SAR",
    "VIEWER",
)
_BAD_TEXTS = ("", "\x00", "x" * 100_000)
_HOSTILE_TEXTS = ("a\x00b", "\u202e\U0001f600 \u0663'; --", "%s{}\\", "\ufeff\u2028\r\n")
_BAD_NUMBERS = (0, -1, 2**31 - 1, -(2**31))
_MORE_THAN_ANY_LIST = 2_000
_MOST_REPAIRS = 100

_violations = protovalidate.Validator().collect_violations


class CannotProbe(Exception):
    """No request of the wanted kind was found; the message says of which field."""


class Place(NamedTuple):
    """A field of a message somewhere in a request, and its path in the request's words."""

    path: str
    message: Message
    field: Any


def empty_request(rpc: str) -> Message:
    """The request of "rappit.inventory.v1.ItemService/CreateItem", with nothing in it."""
    service, _, verb = rpc.partition("/")
    method = descriptor_pool.Default().FindServiceByName(service).methods_by_name[verb]
    request: Message = message_factory.GetMessageClass(method.input_type)()
    return request


def valid_request(rpc: str) -> Message:
    """A request that breaks no rule, with one element in each list of messages. Raises CannotProbe."""
    request = empty_request(rpc)
    for field in request.DESCRIPTOR.fields:
        if field.is_repeated and field.message_type is not None:
            getattr(request, field.name).add()
    return repaired(rpc, request)


def repaired(rpc: str, request: Message) -> Message:
    """The request, changed until it breaks no rule. Raises CannotProbe."""
    request, given = type(request)(), request
    request.CopyFrom(given)
    for _ in range(_MOST_REPAIRS):
        broken = _broken(request)
        if not broken:
            return request
        _repair(rpc, request, broken[0])
    raise CannotProbe(f"{rpc}: {', '.join(_broken(request))}")


def invalid_requests(rpc: str) -> dict[str, Message]:
    """Path of each field that has a rule (`lines[0].quantity`) -> a request that breaks it. Raises CannotProbe."""
    return {place.path: _breach(rpc, place.path) for place in _places(valid_request(rpc)) if _has_rule(place.field)}


def hostile_requests(rpc: str) -> Iterator[tuple[str, Message]]:
    """For each text field requests with a text in it that nobody expects, whether a rule forbids it or not."""
    for path in [place.path for place in _places(valid_request(rpc)) if _is_text(place.field)]:
        for text in _HOSTILE_TEXTS:
            request = valid_request(rpc)
            place = next(place for place in _places(request) if place.path == path)
            _put(place, [text] if place.field.is_repeated else text)
            yield path, request


def _broken(request: Message) -> list[str]:
    """Paths of the fields that break a rule."""
    return [described(violation).field for violation in _violations(request)]


def _breach(rpc: str, path: str) -> Message:
    number = 0
    while True:
        request = valid_request(rpc)
        place = next(place for place in _places(request) if place.path == path)
        values = list(_bad_values(place))
        if number == len(values):
            raise CannotProbe(f"{rpc}: no value breaks the rule of {path}")
        _put(place, values[number])
        if any(broken.startswith(path) for broken in _broken(request)):
            return request
        number += 1


def _repair(rpc: str, request: Message, path: str) -> None:
    """Put something into the field that obeys its rule; of a oneof into the first of its fields."""
    for place in [place for place in _places(request) if path in {place.path, f"{place.path}[0]", _oneof(place)}]:
        for value in _good_values(place):
            _put(place, value)
            if path not in _broken(request):
                return
    raise CannotProbe(f"{rpc}: no value obeys the rule of {path}")


def _places(message: Message, above: str = "") -> Iterator[Place]:
    """Every field of the message and of what is in it; of a list its first element."""
    for field in message.DESCRIPTOR.fields:
        path = f"{above}{field.name}"
        yield Place(path, message, field)
        if field.message_type is None or field.message_type.GetOptions().map_entry:
            continue
        if field.is_repeated:
            for element in list(getattr(message, field.name))[:1]:
                yield from _places(element, f"{path}[0].")
        elif message.HasField(field.name):
            yield from _places(getattr(message, field.name), f"{path}.")


def _oneof(place: Place) -> str | None:
    """Path of the oneof that the field is in."""
    oneof = place.field.containing_oneof
    return place.path.removesuffix(place.field.name) + oneof.name if oneof else None


def _is_text(field: Any) -> bool:
    return bool(field.type == FieldDescriptor.TYPE_STRING)


def _has_rule(field: Any) -> bool:
    return bool(field.GetOptions().HasExtension(validate_pb2.field))


def _put(place: Place, value: Any) -> None:
    """Set the field; None clears it."""
    message, field = place.message, place.field
    message.ClearField(field.name)
    if field.is_repeated and value is not None:
        getattr(message, field.name).extend(value)
    elif isinstance(value, Message):
        getattr(message, field.name).CopyFrom(value)
        getattr(message, field.name).SetInParent()
    elif value is not None:
        setattr(message, field.name, value)


def _good_values(place: Place) -> Iterator[Any]:
    if place.field.is_repeated:
        yield from ([element] for element in _good_elements(place.field))
    else:
        yield from _good_elements(place.field)


def _good_elements(field: Any) -> Iterator[Any]:
    match field.cpp_type:
        case FieldDescriptor.CPPTYPE_MESSAGE:
            yield _with_header(message_factory.GetMessageClass(field.message_type)())
        case FieldDescriptor.CPPTYPE_STRING:
            yield from _texts(field, _GOOD_TEXTS)
        case FieldDescriptor.CPPTYPE_ENUM:
            yield from (value.number for value in field.enum_type.values if value.number)
        case _:
            yield 1


def _bad_values(place: Place) -> Iterator[Any]:
    if place.field.is_repeated:
        yield None
        for element in _good_elements(place.field):
            yield [element] * _MORE_THAN_ANY_LIST
        if place.field.message_type is None:
            yield from ([element] for element in _bad_elements(place.field))
    else:
        yield from _bad_elements(place.field)


def _bad_elements(field: Any) -> Iterator[Any]:
    match field.cpp_type:
        case FieldDescriptor.CPPTYPE_MESSAGE:
            yield None
            for message in (Duration, Timestamp):
                if field.message_type.full_name == message.DESCRIPTOR.full_name:
                    yield message(seconds=-1)
        case FieldDescriptor.CPPTYPE_STRING:
            yield from _texts(field, _BAD_TEXTS)
        case FieldDescriptor.CPPTYPE_ENUM:
            yield from (0, 99)
        case _:
            yield from _BAD_NUMBERS


def _with_header(message: Message) -> Message:
    """The message; an event's header is of the organisation AN_ID. Headers have rules that no proto states."""
    for field in message.DESCRIPTOR.fields:
        if field.message_type is not None and field.message_type.full_name == EventHeader.DESCRIPTOR.full_name:
            getattr(message, field.name).MergeFrom(EventHeader(id=AN_ID, organization_id=AN_ID, aggregate_id=AN_ID))
    return message


def _texts(field: Any, texts: tuple[str, ...]) -> Iterator[str | bytes]:
    return (text.encode() if field.type == FieldDescriptor.TYPE_BYTES else text for text in texts)
