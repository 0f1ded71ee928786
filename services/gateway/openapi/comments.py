"""What the contract says of itself in comments, by full name: "rappit.orders.v1.Order.state"."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    FileDescriptorProto,
    FileDescriptorSet,
    ServiceDescriptorProto,
)

# Numbers of fields in descriptor.proto, of which the places of comments are made.
_MESSAGES, _ENUMS, _SERVICES = 4, 5, 6
_OF_MESSAGE = {"fields": 2, "messages": 3, "enums": 4}
_OF_OTHERS = 2

_Named = tuple[tuple[int, ...], str]


@cache
def comments() -> Mapping[str, str]:
    """Full name -> its comment, the lines of a paragraph as one. Compiled modules do not carry them, the image does."""
    image = FileDescriptorSet.FromString(files("rappit").joinpath("contract.binpb").read_bytes())
    found: dict[str, str] = {}
    for file in image.file:
        if file.package.startswith("rappit."):
            names = dict(_names(file))
            for location in file.source_code_info.location:
                name = names.get(tuple(location.path))
                if name and location.leading_comments:
                    found[name] = " ".join(location.leading_comments.split())
    return found


def _names(file: FileDescriptorProto) -> Iterator[_Named]:
    for index, message in enumerate(file.message_type):
        yield from _of_message(message, (_MESSAGES, index), file.package)
    for index, enum in enumerate(file.enum_type):
        yield from _of_enum(enum, (_ENUMS, index), file.package)
    for index, service in enumerate(file.service):
        yield from _of_service(service, (_SERVICES, index), file.package)


def _of_message(message: DescriptorProto, path: tuple[int, ...], outer: str) -> Iterator[_Named]:
    name = f"{outer}.{message.name}"
    yield path, name
    for index, field in enumerate(message.field):
        yield (*path, _OF_MESSAGE["fields"], index), f"{name}.{field.name}"
    for index, inner in enumerate(message.nested_type):
        yield from _of_message(inner, (*path, _OF_MESSAGE["messages"], index), name)
    for index, enum in enumerate(message.enum_type):
        yield from _of_enum(enum, (*path, _OF_MESSAGE["enums"], index), name)


def _of_enum(enum: EnumDescriptorProto, path: tuple[int, ...], outer: str) -> Iterator[_Named]:
    yield path, f"{outer}.{enum.name}"
    for index, value in enumerate(enum.value):
        yield (*path, _OF_OTHERS, index), f"{outer}.{enum.name}.{value.name}"


def _of_service(service: ServiceDescriptorProto, path: tuple[int, ...], outer: str) -> Iterator[_Named]:
    yield path, f"{outer}.{service.name}"
    for index, method in enumerate(service.method):
        yield (*path, _OF_OTHERS, index), f"{outer}.{service.name}.{method.name}"
