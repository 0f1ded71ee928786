"""A message of any type with every field set, to something that the contract's rules allow."""

from typing import Any, cast
from uuid import UUID

import protovalidate
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

# The first that breaks no rule of its field is taken. Beyond 2^53, so that JSON numbers would lose digits.
WHOLE_NUMBERS = [2**53 + 1, 2**31 - 1, 1000, 100, 1]
TEXTS = [
    'قهوة & "crème" ☕',
    str(UUID("0192f3a4-0000-7000-8000-000000000001")),
    "sara@example.com",
    "riyadh.example.com",
    "https://riyadh.example.com/mug.jpg",
    "MAIN-1",
    "610910",
    "SA",
    "SAR",
    "a long walk to the souq",
    "identity",
    "VIEWER",
]


def example(message_type: type[Message], depth: int = 0) -> Message:
    """A full one; repeated fields have two entries."""
    message = message_type()
    for field in cast("Descriptor", message_type.DESCRIPTOR).fields:
        values = _values(field, depth)
        for value in values:
            message.ClearField(field.name)
            _set(message, field, value)
            if field.name not in _broken(message):
                break
        else:
            raise AssertionError(f"no example for {field.full_name}")
    return message


def _broken(message: Message) -> set[str]:
    """Names of the fields that break a rule."""
    violations = protovalidate.collect_violations(message)
    return {violation.proto.field.elements[0].field_name for violation in violations if violation.proto.field}


def _set(message: Message, field: FieldDescriptor, value: Any) -> None:
    inner: Descriptor | None = field.message_type
    if inner is not None and inner.GetOptions().map_entry:
        getattr(message, field.name).update({"first": value, "second key": value})
    elif field.is_repeated:
        getattr(message, field.name).extend([value, value])
    elif inner is not None:
        getattr(message, field.name).CopyFrom(value)
    else:
        setattr(message, field.name, value)


def _values(field: FieldDescriptor, depth: int) -> list[Any]:
    if field.message_type is not None:
        if field.message_type.full_name in _WELL_KNOWN:
            return [_well_known(field.message_type)]
        if field.message_type.GetOptions().map_entry:
            return ["value"]
        return [example(GetMessageClass(field.message_type), depth + 1)] if depth < 5 else []
    if field.enum_type is not None:
        return [number for number in field.enum_type.values_by_number if number]
    if field.type == FieldDescriptor.TYPE_BYTES:
        return [b"\x00\xff"]
    kinds: dict[int, list[Any]] = {
        FieldDescriptor.CPPTYPE_STRING: TEXTS,
        FieldDescriptor.CPPTYPE_BOOL: [True],
        FieldDescriptor.CPPTYPE_INT32: WHOLE_NUMBERS[1:],
        FieldDescriptor.CPPTYPE_INT64: WHOLE_NUMBERS,
    }
    return kinds[field.cpp_type]


_WELL_KNOWN = {
    "google.protobuf.Timestamp": "2026-03-01T09:30:00.123456789Z",
    "google.protobuf.Duration": "3600.5s",
}


def _well_known(descriptor: Descriptor) -> Message:
    message: Any = GetMessageClass(descriptor)()
    message.FromJsonString(_WELL_KNOWN[descriptor.full_name])
    return cast("Message", message)
