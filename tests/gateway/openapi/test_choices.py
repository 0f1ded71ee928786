"""What the contract calls `oneof` is one in the document too."""

from collections.abc import Iterator
from typing import Any

import pytest
from google.protobuf.descriptor import Descriptor, OneofDescriptor
from google.protobuf.message_factory import GetMessageClass
from jsonschema import ValidationError

from gateway.openapi.document import openapi_document
from gateway.openapi.examples import document_of, example_of
from gateway.openapi.schemas import reached
from gateway.rest.contract import read_routes
from tests.given.described_api import DescribedApi

DESCRIBED = DescribedApi(openapi_document(read_routes()))


def choices() -> Iterator[OneofDescriptor]:
    """Those of the API. A field that is `optional` is a oneof too, of itself alone."""
    routes = read_routes()
    messages = [kind for route in routes for kind in (route.request_type, route.response_type)]
    for kind in reached(messages).values():
        if isinstance(kind, Descriptor):
            yield from (oneof for oneof in kind.oneofs if len(oneof.fields) > 1)


CHOICES = {oneof.containing_type.full_name.rpartition(".")[2]: oneof for oneof in choices()}


def document(oneof: OneofDescriptor, *chosen: str) -> dict[str, Any]:
    """An example of the message in which these fields of the choice are set."""
    message = example_of(GetMessageClass(oneof.containing_type))
    message.ClearField(oneof.name)
    found = document_of(message)
    for name in chosen:
        one: Any = GetMessageClass(oneof.containing_type)()
        field = oneof.containing_type.fields_by_name[name]
        if field.message_type:
            getattr(one, name).CopyFrom(example_of(GetMessageClass(field.message_type)))
        else:
            setattr(one, name, "0192f3a4-7c1e-7d3a-9b52-6f1c2a4e8d10")
        found |= document_of(one)
    return found


@pytest.mark.parametrize("name", CHOICES)
def test_one_is_taken_and_neither_none_nor_two(name: str) -> None:
    oneof = CHOICES[name]
    schema = {"$ref": f"#/components/schemas/{name}"}
    first, second, *_ = fields = [field.name for field in oneof.fields]
    # What stands in the path is no field of a body.
    properties = DESCRIBED.document["components"]["schemas"][name]["properties"]

    def told(*chosen: str) -> dict[str, Any]:
        return {field: value for field, value in document(oneof, *chosen).items() if field in properties}

    for field in fields:
        DESCRIBED.validate(schema, told(field))
    for wrong in (told(), told(first, second)):
        with pytest.raises(ValidationError):
            DESCRIBED.validate(schema, wrong)


def test_there_are_some() -> None:
    assert {"NewOrderLine", "SetStoreCredentialsRequest"} <= CHOICES.keys()
    assert DESCRIBED.document["components"]["schemas"]["NewOrderLine"]["oneOf"] == [
        {"required": ["itemId"]},
        {"required": ["sku"]},
        {"required": ["custom"]},
    ]
