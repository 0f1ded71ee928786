"""Where an RPC's request names a thing by its id: in lists, in messages that may be left out, and in choices too.

The places come from the descriptor, and each is probed alone: the caller's own ids stand in all others, so that no
check hides that another is missing.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from buf.validate import validate_pb2
from tests.contract.example_requests import CannotProbe, empty_request, repaired, valid_request
from tests.contract.installation import callee_of

_NAMED_AS_ID = re.compile(r"(^|_)ids?$")

# Ids that are no row's of an organisation but the caller's own words, or an event's. One that has to be a UUID is never
# of these.
CALLERS_OWN = frozenset({"line_id", "external_id", "id", "aggregate_id"})

# Who gave up the messages of AnotherOrganization: their ids are looked for beside the consumer's name.
_CONSUMERS = {"orders": "orders.deliveries", "inventory": "inventory"}


@dataclass(frozen=True)
class IdField:
    """A field that takes an id, and the fields that lead to it: `lines.item_id`."""

    path: tuple[FieldDescriptor, ...]

    def __str__(self) -> str:
        return ".".join(field.name for field in self.path)

    @property
    def kind(self) -> str:
        """What its ids are of: "item_id"."""
        return self.path[-1].name.removesuffix("s")


def id_fields(rpc: str) -> list[IdField]:
    """All of the RPC's request."""
    return [IdField(path) for path in _paths(cast("Descriptor", empty_request(rpc).DESCRIPTOR), (), frozenset())]


def request_naming(rpc: str, own: Mapping[str, str], field: IdField | None = None, other: str = "") -> Message:
    """A request that breaks no rule and names what is the caller's own; in `field` alone it says `other`.

    own: kind -> id. Raises CannotProbe for an id of a kind that is not there, and where no such request is found.
    """
    request = valid_request(rpc)
    if field:
        _name(request, field.path, other)
        request = repaired(rpc, request)
    for each in id_fields(rpc):
        _fill(rpc, request, each, own)
    if getattr(request, "consumer", ""):
        setattr(request, "consumer", _CONSUMERS[callee_of(rpc)])  # noqa: B010 (of some requests)
    if field:
        _name(request, field.path, other)
    if repaired(rpc, request) != request:
        raise CannotProbe(f"{rpc}: {field} cannot be named beside what it names else")
    return request


def request_naming_nonsense(rpc: str) -> Message | None:
    """A request that breaks a rule because what it names is no id; None where it need not name anything by its id."""
    fields = [field for field in id_fields(rpc) if _is_uuid(field.path[-1])]
    if not fields:
        return None
    request = valid_request(rpc)
    _name(request, fields[0].path, "no id")
    return request


def _paths(
    message: Descriptor, above: tuple[FieldDescriptor, ...], inside: frozenset[str]
) -> Iterator[tuple[FieldDescriptor, ...]]:
    """Paths of the fields that take an id; a message in itself is followed once."""
    for field in message.fields:
        if field.message_type is not None:
            if not field.message_type.GetOptions().map_entry and field.message_type.full_name not in inside:
                yield from _paths(field.message_type, (*above, field), inside | {message.full_name})
        elif _takes_an_id(field):
            yield (*above, field)


def _takes_an_id(field: FieldDescriptor) -> bool:
    return _is_uuid(field) or bool(_NAMED_AS_ID.search(field.name) and field.name not in CALLERS_OWN)


def _is_uuid(field: FieldDescriptor) -> bool:
    rules = field.GetOptions().Extensions[validate_pb2.field]
    return bool(rules.string.uuid or rules.repeated.items.string.uuid)


def _fill(rpc: str, request: Message, field: IdField, own: Mapping[str, str]) -> None:
    """Put the caller's own id where one stands already."""
    messages = [request]
    for step in field.path[:-1]:
        messages = [inner for message in messages for inner in _inside(message, step)]
    last = field.path[-1]
    for message in messages:
        if not getattr(message, last.name):
            continue
        if field.kind not in own:
            raise CannotProbe(f"{rpc}: nobody has made a thing for {field}")
        _put(message, last, own[field.kind])


def _inside(message: Message, field: FieldDescriptor) -> list[Message]:
    if field.is_repeated:
        return list(getattr(message, field.name))
    return [getattr(message, field.name)] if message.HasField(field.name) else []


def _name(request: Message, path: tuple[FieldDescriptor, ...], value: str) -> None:
    """Put an id at a path, with the messages that lead to it."""
    message: Any = request
    for step in path[:-1]:
        inner = getattr(message, step.name)
        if step.is_repeated:
            message = inner[0] if inner else inner.add()
        else:
            inner.SetInParent()
            message = inner
    _put(message, path[-1], value)


def _put(message: Any, field: FieldDescriptor, value: str) -> None:
    message.ClearField(field.name)
    if field.is_repeated:
        getattr(message, field.name).append(value)
    else:
        setattr(message, field.name, value)
