"""Messages and enums of the contract as JSON Schema (2020-12), in the form of protobuf JSON, with their rules."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, cast

import protovalidate
from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor, OneofDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from buf.validate import validate_pb2
from gateway.openapi.comments import comments

Schema = dict[str, Any]

_WELL_KNOWN: dict[str, Schema] = {
    "Timestamp": {"type": "string", "format": "date-time"},
    "Duration": {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]{1,9})?s$"},
    "FieldMask": {"type": "string"},
}
_STRING_FORMATS = ("uuid", "email", "hostname", "uri")
_SCALARS: dict[int, Schema] = {
    FieldDescriptor.CPPTYPE_INT32: {"type": "integer", "format": "int32"},
    FieldDescriptor.CPPTYPE_UINT32: {"type": "integer", "minimum": 0},
    # As text: a number of JavaScript loses digits beyond 2^53.
    FieldDescriptor.CPPTYPE_INT64: {"type": "string", "format": "int64", "pattern": "^-?[0-9]+$"},
    FieldDescriptor.CPPTYPE_UINT64: {"type": "string", "format": "uint64", "pattern": "^[0-9]+$"},
    FieldDescriptor.CPPTYPE_DOUBLE: {"type": "number"},
    FieldDescriptor.CPPTYPE_FLOAT: {"type": "number"},
    FieldDescriptor.CPPTYPE_BOOL: {"type": "boolean"},
}
_BOUNDS = {"gte": "minimum", "lte": "maximum", "gt": "exclusiveMinimum", "lt": "exclusiveMaximum"}
_BOUNDS_IN_WORDS = {"gte": "at least", "lte": "at most", "gt": "more than", "lt": "less than"}


class Schemas:
    """Schemas by name, of the messages that requests and answers are made of."""

    def __init__(self, requests: Iterable[type[Message]], responses: Iterable[type[Message]]) -> None:
        self._inputs = reached(requests)
        outputs = reached(responses)
        shared = Counter(_short(each) for each in {**self._inputs, **outputs}.values())
        self._names = {
            name: _short(kind) if shared[_short(kind)] == 1 else f"{name.split('.')[1].title()}{_short(kind)}"
            for name, kind in {**self._inputs, **outputs}.items()
        }
        self.all = {self._names[name]: self._schema(kind) for name, kind in {**self._inputs, **outputs}.items()}

    def ref(self, kind: Descriptor | EnumDescriptor) -> Schema:
        """A reference to the schema of a message or enum."""
        return {"$ref": f"#/components/schemas/{self._names[kind.full_name]}"}

    def body(self, request: Descriptor, *, without: Iterable[str]) -> Schema:
        """A reference to the schema of a request's body: the request without the fields that its path fills."""
        self.all[self._names[request.full_name]] = self.object(request, without=without)
        return self.ref(request)

    def used(self, paths: Schema) -> dict[str, Schema]:
        """The schemas that paths refer to, and those that these refer to, by name."""
        found: dict[str, Schema] = {}
        waiting = [paths]
        while waiting:
            for name in _referred(waiting.pop()) & (self.all.keys() - found.keys()):
                found[name] = self.all[name]
                waiting.append(found[name])
        return dict(sorted(found.items()))

    def object(self, message: Descriptor, *, without: Iterable[str] = ()) -> Schema:
        """The schema of a message, without some of its fields."""
        fields = [field for field in message.fields if field.name not in set(without)]
        if message.full_name in self._inputs:
            required = required_fields(message)
        else:
            required = {field.name for field in fields if not field.has_presence}
        schema: Schema = {
            "type": "object",
            "description": comments().get(message.full_name, ""),
            "properties": {field.camelcase_name: self.field(field) for field in fields},
            "additionalProperties": False,
        }
        names = [field.camelcase_name for field in fields if field.name in required]
        return schema | ({"required": names} if names else {}) | _choices(message)

    def field(self, field: FieldDescriptor) -> Schema:
        """The schema of a field with what the contract says of it."""
        rules = field.GetOptions().Extensions[validate_pb2.field]
        schema = self._any(field, rules)
        return {**schema, "description": " ".join([comments().get(field.full_name, ""), *_in_words(field, rules)])}

    def _schema(self, kind: Descriptor | EnumDescriptor) -> Schema:
        if isinstance(kind, Descriptor):
            return self.object(kind)
        values = [value for value in kind.values if value.number]
        said = [f"- `{value.name}`: {comments().get(f'{kind.full_name}.{value.name}', '')}" for value in values]
        return {
            "type": "string",
            "description": "\n".join([comments().get(kind.full_name, ""), "", *said]),
            # An answer may hold the first, of a field that is not set.
            "enum": [value.name for value in kind.values],
        }

    def _any(self, field: FieldDescriptor, rules: validate_pb2.FieldRules) -> Schema:
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            return {"type": "object", "additionalProperties": self._one(field.message_type.fields_by_name["value"])}
        if not field.is_repeated:
            return {**self._one(field), **_limits(field, rules)}
        items = {**self._one(field), **_limits(field, rules.repeated.items)}
        bounds = {"minItems": rules.repeated.min_items, "maxItems": rules.repeated.max_items}
        return {"type": "array", "items": items, **{name: value for name, value in bounds.items() if value}}

    def _one(self, field: FieldDescriptor) -> Schema:
        message = field.message_type
        if message is not None:
            well_known = message.file.package == "google.protobuf"
            return dict(_WELL_KNOWN.get(message.name, {})) if well_known else self.ref(message)
        if field.enum_type is not None:
            return self.ref(field.enum_type)
        if field.type == FieldDescriptor.TYPE_BYTES:
            return {"type": "string", "contentEncoding": "base64"}
        return dict(_SCALARS.get(field.cpp_type, {"type": "string"}))


def required_fields(message: Descriptor) -> set[str]:
    """The fields without which a request is refused: those at fault in an empty one."""
    faults = protovalidate.collect_violations(GetMessageClass(message)())
    return {fault.proto.field.elements[0].field_name for fault in faults if fault.proto.field}


def _choices(message: Descriptor) -> Schema:
    """That of each choice (`oneof`) one field is set and no other; none, where that is allowed."""
    rules = [_choice(oneof) for oneof in message.oneofs if len(oneof.fields) > 1]
    return rules[0] if len(rules) == 1 else {"allOf": rules} if rules else {}


def _choice(oneof: OneofDescriptor) -> Schema:
    each: list[Schema] = [{"required": [field.camelcase_name]} for field in oneof.fields]
    is_required = oneof.GetOptions().Extensions[validate_pb2.oneof].required
    return {"oneOf": each if is_required else [*each, {"not": {"anyOf": each}}]}


def _referred(schema: Schema) -> set[str]:
    """Names of the schemas that are referred to anywhere inside."""
    return {name.rpartition("/")[2] for name in re.findall(r"#/components/schemas/\w+", json.dumps(schema))}


def _limits(field: FieldDescriptor, rules: validate_pb2.FieldRules) -> Schema:
    """The rules of a field that JSON Schema has words for."""
    limits: Schema = {}
    if field.cpp_type == FieldDescriptor.CPPTYPE_STRING and field.type != FieldDescriptor.TYPE_BYTES:
        string = rules.string
        limits = {
            "minLength": string.min_len,
            "maxLength": string.max_len,
            "pattern": string.pattern,
            "enum": list(getattr(string, "in")),
        }
        limits["format"] = next((word for word in _STRING_FORMATS if getattr(string, word)), "")
    elif field.cpp_type == FieldDescriptor.CPPTYPE_INT32:
        return {_BOUNDS[rule.name]: value for rule, value in rules.int32.ListFields() if rule.name in _BOUNDS}
    return {name: value for name, value in limits.items() if value}


def _in_words(field: FieldDescriptor, rules: validate_pb2.FieldRules) -> Iterator[str]:
    """The bounds of numbers that are written as text."""
    if field.cpp_type == FieldDescriptor.CPPTYPE_INT64:
        bounds = [
            f"{_BOUNDS_IN_WORDS[rule.name]} {value}"
            for rule, value in rules.int64.ListFields()
            if rule.name in _BOUNDS_IN_WORDS
        ]
        if bounds:
            yield " and ".join(bounds).capitalize() + "."


def reached(messages: Iterable[type[Message]]) -> dict[str, Descriptor | EnumDescriptor]:
    """What messages are made of, themselves among it, by full name."""
    found: dict[str, Descriptor | EnumDescriptor] = {}

    def reach(message: Descriptor) -> None:
        if message.full_name in found or message.file.package == "google.protobuf":
            return
        if not message.GetOptions().map_entry:
            found[message.full_name] = message
        for field in message.fields:
            if field.message_type is not None:
                reach(field.message_type)
            elif field.enum_type is not None:
                found[field.enum_type.full_name] = field.enum_type

    for message in messages:
        reach(cast("Descriptor", message.DESCRIPTOR))
    return found


def _short(kind: Descriptor | EnumDescriptor) -> str:
    return str(kind.full_name).partition(".v1.")[2].replace(".", "")
