"""Examples of messages, which obey the contract's rules."""

from typing import Any, cast

import protovalidate
from google.protobuf import json_format
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

_ID = "0192f3a4-7c1e-7d3a-9b52-6f1c2a4e8d10"
# What a field of this name, or of a name that ends so, may hold; the first that breaks no rule is taken.
_BY_NAME: dict[str, tuple[Any, ...]] = {
    "email": ("layla@example.com",),
    "password": ("a long walk to the souq",),
    "secret": ("shpss_8d1f4c6a2e9b7053",),
    "token": ("eyJhbGciOi...",),
    "shop": ("riyadh.myshopify.com",),
    "sku": ("TEE-RED-M",),
    "name": ("Souq al Nakheel",),
    "code": ("MAIN", "SAR", "SA"),
    "currency": ("SAR",),
    "etag": ("7",),
    "barcode": ("6281234567890",),
    "phone": ("+966500000001",),
    "query": ("TEE",),
    "note": ("Asked for by telephone.",),
    "city": ("Riyadh",),
    "country": ("SA",),
    "webhook_path": (f"/webhooks/shopify/{_ID}",),
    "time_zone": ("Asia/Riyadh",),
    "country_code": ("SA",),
    "postal_code": ("12271",),
    "line1": ("King Fahd Road 12",),
    "external_id": ("5678901234567",),
    "minor_units": (11_800,),
    "image_url": ("https://riyadh.example.com/tee.jpg",),
    "hs_code": ("610910",),
    "origin_country": ("SA",),
    "reason": ("Asked for by the buyer.",),
}
_TEXTS = ("Tee, red", _ID, "riyadh.myshopify.com", "VIEWER", "SAR", "layla@example.com", "https://riyadh.example.com")
_NUMBERS = (2, 1, 100, 1_000)
_DEEPEST = 6


def example_of(message_type: type[Message], *, depth: int = 0) -> Message:
    """A message with its fields set, lists with one entry; a page token and choices are left out."""
    message = message_type()
    for field in cast("Descriptor", message_type.DESCRIPTOR).fields:
        if "page_token" in field.name or _is_chosen(message, field):
            continue
        for value in _values(field, depth):
            message.ClearField(field.name)
            _put(message, field, value)
            if not _is_broken(message, field):
                break
        else:
            message.ClearField(field.name)
    return message


def document_of(message: Message) -> dict[str, Any]:
    """The message as protobuf JSON."""
    return json_format.MessageToDict(message)


def _is_chosen(message: Message, field: FieldDescriptor) -> bool:
    """Whether another field of its choice is set."""
    choice = field.containing_oneof
    return choice is not None and message.WhichOneof(choice.name) is not None


def _is_broken(message: Message, field: FieldDescriptor) -> bool:
    faults = protovalidate.collect_violations(message)
    return any(fault.proto.field.elements[0].field_name == field.name for fault in faults if fault.proto.field)


def _put(message: Message, field: FieldDescriptor, value: Any) -> None:
    inner: Descriptor | None = field.message_type
    if inner is not None and inner.GetOptions().map_entry:
        getattr(message, field.name).update({"name": value})
    elif field.is_repeated:
        getattr(message, field.name).append(value)
    elif inner is not None:
        getattr(message, field.name).CopyFrom(value)
    else:
        setattr(message, field.name, value)


def _values(field: FieldDescriptor, depth: int) -> list[Any]:
    """What the field may hold, likeliest first."""
    if field.message_type is not None:
        return _messages(field.message_type, depth)
    if field.enum_type is not None:
        return [value.number for value in field.enum_type.values if value.number]
    if field.type == FieldDescriptor.TYPE_BYTES:
        return [b"{}"]
    if field.cpp_type == FieldDescriptor.CPPTYPE_BOOL:
        return [True]
    if field.cpp_type != FieldDescriptor.CPPTYPE_STRING:
        return [*_BY_NAME.get(field.name, ()), *_NUMBERS]
    named = [values for end, values in _BY_NAME.items() if field.name.endswith(end)]
    is_id = field.name.endswith(("id", "ids")) and not named
    return [*([_ID] if is_id else []), *(named[-1] if named else ()), *_TEXTS]


def _messages(kind: Descriptor, depth: int) -> list[Any]:
    if kind.GetOptions().map_entry:
        return ["value"]
    if kind.file.package != "google.protobuf":
        return [example_of(GetMessageClass(kind), depth=depth + 1)] if depth < _DEEPEST else []
    message: Any = GetMessageClass(kind)()
    text = {"Timestamp": "2026-03-01T09:30:00Z", "Duration": "3600s"}.get(kind.name)
    if text is None:
        return []
    message.FromJsonString(text)
    return [message]
