"""What is wrong with a JSON document that is to be a message: each fault with the place of its field. Pure.

It is looked for before json_format converts, because that stops at the first fault, names fields in prose, and takes
"١٢", "1_000" and 1e3 for whole numbers. Nothing unknown is passed over.
"""

import base64
import re
from collections.abc import Callable, Iterator
from typing import Any, cast

from google.protobuf import json_format
from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor
from google.protobuf.message_factory import GetMessageClass

from gateway.rest.contract import field_named

_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,19}")
_SURROGATE = re.compile("[\ud800-\udfff]")
_RANGES = {
    FieldDescriptor.CPPTYPE_INT32: (-(2**31), 2**31 - 1),
    FieldDescriptor.CPPTYPE_UINT32: (0, 2**32 - 1),
    FieldDescriptor.CPPTYPE_INT64: (-(2**63), 2**63 - 1),
    FieldDescriptor.CPPTYPE_UINT64: (0, 2**64 - 1),
}
# Deeper than any request; json_format has the same limit, which it counts in messages.
_MOST_LEVELS = 100

Fault = tuple[str, str]


def faults(document: Any, message: Descriptor, path: str = "", level: int = 1) -> Iterator[Fault]:
    """Each field of the document that the message does not have or cannot hold, with what is wrong with it."""
    if not isinstance(document, dict):
        yield path, "is not a JSON object"
    elif level > _MOST_LEVELS:
        yield path, "is nested too deeply"
    else:
        seen = set()
        for name, value in document.items():
            field = field_named(message, name)
            field_path = f"{path}.{name}" if path else name
            if field is None:
                yield field_path, "is not a field of this request"
            elif field.name in seen:
                yield field_path, "comes twice, in two spellings"
            elif value is not None:
                seen.add(field.name)
                yield from _field_faults(value, field, field_path, level)


def _field_faults(value: Any, field: FieldDescriptor, path: str, level: int) -> Iterator[Fault]:
    entry = field.message_type
    if entry is not None and entry.GetOptions().map_entry:
        if not isinstance(value, dict):
            yield path, "is not a JSON object"
            return
        for key, element in value.items():
            yield from _value_faults(element, entry.fields_by_name["value"], f'{path}["{key}"]', level)
    elif field.is_repeated:
        if not isinstance(value, list):
            yield path, "is not a list"
            return
        for index, element in enumerate(value):
            yield from _value_faults(element, field, f"{path}[{index}]", level)
    else:
        yield from _value_faults(value, field, path, level)


def _value_faults(value: Any, field: FieldDescriptor, path: str, level: int) -> Iterator[Fault]:
    message = field.message_type
    if value is None:
        yield path, "is null"
    elif message is None:
        wrong = _SCALARS[field.cpp_type](value, field)
        if wrong:
            yield path, wrong
    elif message.file.package == "google.protobuf":
        yield from _well_known_faults(value, message, path)
    else:
        yield from faults(value, message, path, level + 1)


def _well_known_faults(value: Any, message: Descriptor, path: str) -> Iterator[Fault]:
    """Times, durations and the like have a form of their own, which json_format knows."""
    try:
        json_format.ParseDict(value, GetMessageClass(message)())
    except (json_format.ParseError, ValueError, TypeError, AttributeError):
        example = _EXAMPLES.get(message.name)
        yield path, f"is not a {message.name}" + (f', for example "{example}"' if example else "")


_EXAMPLES = {"Timestamp": "2026-03-01T09:30:00Z", "Duration": "3.5s"}


def _whole_fault(value: Any, field: FieldDescriptor) -> str:
    least, most = _RANGES[field.cpp_type]
    text = str(value) if type(value) is int or isinstance(value, str) else ""
    if not _WHOLE.fullmatch(text):
        return "is not a whole number"
    return "" if least <= int(text) <= most else f"is not between {least} and {most}"


def _float_fault(value: Any, _: FieldDescriptor) -> str:
    return "" if isinstance(value, int | float) and not isinstance(value, bool) else "is not a number"


def _bool_fault(value: Any, _: FieldDescriptor) -> str:
    return "" if isinstance(value, bool) else "is not true or false"


def _text_fault(value: Any, field: FieldDescriptor) -> str:
    if not isinstance(value, str):
        return "is not a text"
    if field.type == FieldDescriptor.TYPE_BYTES:
        try:
            base64.b64decode(value, validate=True)
        except ValueError:
            return "is not base64"
    return "holds half a character" if _SURROGATE.search(value) else ""


def _enum_fault(value: Any, field: FieldDescriptor) -> str:
    enum = cast("EnumDescriptor", field.enum_type)
    known = value in enum.values_by_name if isinstance(value, str) else _is_number_of(value, set(enum.values_by_number))
    return "" if known else f"is not one of {', '.join(enum.values_by_name)}"


def _is_number_of(value: Any, numbers: set[int]) -> bool:
    return type(value) is int and value in numbers


_SCALARS: dict[int, Callable[[Any, FieldDescriptor], str]] = {
    **dict.fromkeys(_RANGES, _whole_fault),
    FieldDescriptor.CPPTYPE_DOUBLE: _float_fault,
    FieldDescriptor.CPPTYPE_FLOAT: _float_fault,
    FieldDescriptor.CPPTYPE_BOOL: _bool_fault,
    FieldDescriptor.CPPTYPE_STRING: _text_fault,
    FieldDescriptor.CPPTYPE_ENUM: _enum_fault,
}
