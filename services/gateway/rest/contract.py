"""The HTTP API as the contract declares it: one route per RPC with google.api.http, from the descriptors alone."""

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files

from google.api import annotations_pb2
from google.protobuf.descriptor import Descriptor, FieldDescriptor, FileDescriptor, MethodDescriptor
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from chassis.permissions import Access, access_of
from gateway.rest.templates import Template, parse_template


@dataclass(frozen=True)
class Route:
    """One RPC of the HTTP API."""

    rpc: str
    """Full name as gRPC writes it: "rappit.orders.v1.OrderService/GetOrder"."""
    callee: str
    """Service that answers: "orders"."""
    method: str
    path: str
    """The template as the contract writes it."""
    template: Template
    has_body: bool
    """Whether the request's other fields are the body; else they are query parameters."""
    request_type: type[Message]
    response_type: type[Message]
    access: Access

    @cached_property
    def versioned_field(self) -> str:
        """The answer's field whose message has an etag, which is then the answer's ETag; empty where there is none."""
        fields = [field for field in self.response_type.DESCRIPTOR.fields if not field.is_repeated]
        versioned = [field for field in fields if field.message_type and "etag" in field.message_type.fields_by_name]
        return versioned[0].name if versioned else ""


def contract_files() -> Iterator[FileDescriptor]:
    """The descriptors of RAPPIT's own proto files."""
    image = FileDescriptorSet.FromString(files("rappit").joinpath("contract.binpb").read_bytes())
    for file in image.file:
        if file.package.startswith("rappit."):
            name = file.name.removesuffix(".proto").replace("/", ".") + "_pb2"
            yield importlib.import_module(name).DESCRIPTOR


def read_routes() -> list[Route]:
    """All routes, in the order of the contract. Raises ValueError for one that cannot be served as it is declared."""
    return [
        route
        for file in contract_files()
        for service in file.services_by_name.values()
        for rpc in service.methods
        for route in _routes(rpc)
    ]


def _routes(rpc: MethodDescriptor) -> Iterator[Route]:
    options = rpc.GetOptions()
    if not options.HasExtension(annotations_pb2.http):
        return
    name = f"{rpc.containing_service.full_name}/{rpc.name}"
    access = access_of(name)
    rule = options.Extensions[annotations_pb2.http]
    for binding in (rule, *rule.additional_bindings):
        kind = binding.WhichOneof("pattern")
        if (
            kind not in ("get", "put", "post", "delete", "patch")
            or binding.body not in ("", "*")
            or binding.response_body
        ):
            raise ValueError(f"{name} declares an HTTP route that the gateway does not serve: {binding}")
        path = getattr(binding, kind)
        template = parse_template(path)
        unknown = set(template.fields) - set(rpc.input_type.fields_by_name)
        if unknown:
            raise ValueError(f"{name} has no field {unknown} for its path")
        if not access.users and "gateway" not in access.services:
            raise ValueError(f"{name} has an HTTP route and lets neither a USER nor the gateway in")
        yield Route(
            rpc=name,
            callee=rpc.containing_service.file.package.split(".")[1],
            method=kind.upper(),
            path=path,
            template=template,
            has_body=binding.body == "*",
            request_type=GetMessageClass(rpc.input_type),
            response_type=GetMessageClass(rpc.output_type),
            access=access,
        )


def field_named(message: Descriptor, name: str) -> FieldDescriptor | None:
    """The field of this lowerCamelCase name, or, as protobuf JSON allows, of its name in the contract."""
    return message.fields_by_camelcase_name.get(name) or message.fields_by_name.get(name)


def resolve_field(message: Descriptor, path: str) -> FieldDescriptor:
    """The field at a dotted path. Raises ValueError where there is none."""
    *outer, last = path.split(".")
    for name in outer:
        inner = _inner(field_named(message, name))
        if inner is None:
            raise ValueError(f"{message.full_name} has no message named {name}")
        message = inner
    field = field_named(message, last)
    if field is None:
        raise ValueError(f"{message.full_name} has no field named {last}")
    return field


def _inner(field: FieldDescriptor | None) -> Descriptor | None:
    """The message in which a path may go on: times and the like are single values."""
    inner = field.message_type if field is not None and not field.is_repeated else None
    return inner if inner is not None and inner.file.package != "google.protobuf" else None
