"""One operation of OpenAPI per route: what it takes, what it answers, what it refuses, who may call it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, cast

from google.protobuf.descriptor import Descriptor, FieldDescriptor

from gateway.edge.problems import MEDIA_TYPE as PROBLEM
from gateway.openapi.comments import comments
from gateway.openapi.examples import document_of, example_of
from gateway.openapi.reasons import Reason, reasons_of
from gateway.openapi.schemas import Schema, Schemas, required_fields
from gateway.rest.contract import Route
from gateway.rest.requests import LONGEST_KEY
from gateway.rest.transcode import MEDIA_TYPE

_TITLES = {
    400: "The request is refused as it is",
    401: "Nobody is signed in",
    403: "Not allowed",
    404: "There is no such thing",
    409: "Somebody else was quicker",
    412: "It is not what `If-Match` says",
    413: "The body is too large",
    429: "Too many requests",
    500: "A fault of ours",
    501: "Not done here",
    503: "Not answered for now; try again",
    504: "Not done in time; try again",
}


def operation_ids(routes: Iterable[Route]) -> dict[str, str]:
    """RPC -> the name of its operation: its own, behind its service's where several have that."""
    names = {route.rpc: route.rpc.partition("/")[2] for route in routes}
    often = Counter(names.values())
    return {rpc: name if often[name] == 1 else f"{rpc.split('.')[1].title()}{name}" for rpc, name in names.items()}


def operation(route: Route, name: str, schemas: Schemas) -> Schema:
    """The operation of a route, called `name`."""
    rpc = route.rpc.replace("/", ".")
    access = route.access
    found: Schema = {
        "operationId": name,
        "summary": comments()[rpc].partition(".")[0],
        "description": comments()[rpc],
        "tags": [tag_of(route)],
        "security": [{"accessToken": []}] if access.users else [],
        "parameters": list(_parameters(route, schemas)),
        "responses": dict(
            sorted({"200": _answer(route, schemas), **_unchanged(route), **refusals(reasons_of(route))}.items())
        ),
    }
    if access.permission:
        found |= {"x-permission": access.permission, "x-least-role": access.least_role}
    if route.has_body:
        body = schemas.body(_descriptor(route), without=route.template.fields)
        example = document_of(example_of(route.request_type))
        for field in route.template.fields:
            example.pop(_descriptor(route).fields_by_name[field].camelcase_name, None)
        content = {MEDIA_TYPE: {"schema": body, "example": example}}
        found["requestBody"] = {"content": content, "required": bool(required_fields(_descriptor(route)))}
    return found


def tag_of(route: Route) -> str:
    """What the route belongs to: the nouns of its service, "Orders"."""
    file = route.request_type.DESCRIPTOR.file.name
    return file.rpartition("/")[2].removesuffix(".proto").replace("_", " ").capitalize()


def _descriptor(route: Route) -> Descriptor:
    return cast("Descriptor", route.request_type.DESCRIPTOR)


def _parameters(route: Route, schemas: Schemas) -> Iterator[Schema]:
    fields = _descriptor(route).fields_by_name
    for name in route.template.fields:
        yield _parameter("path", name, fields[name], schemas, required=True)
    if not route.has_body:
        required = required_fields(_descriptor(route))
        for field in _descriptor(route).fields:
            if field.name not in route.template.fields:
                for path, inner in _flat(field):
                    yield _parameter("query", path, inner, schemas, required=field.name in required)
    if route.access.idempotency_key:
        text = (
            "Made once per change, before its first try, and sent again with each: the change is then made once. "
            "Kept for 24 hours."
        )
        yield _header("Idempotency-Key", text, {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY}, True)
    if "etag" in fields:
        yield _header("If-Match", "Change it only while it has this ETag.", {"type": "string"}, False)
    if route.access.reads and route.versioned_field:
        yield _header("If-None-Match", "Answer 304 while it has this ETag.", {"type": "string"}, False)


def _flat(field: FieldDescriptor, prefix: str = "") -> Iterator[tuple[str, FieldDescriptor]]:
    """A query parameter for each single value: `outer.inner` for what stands in a message."""
    message = field.message_type
    if message is None or message.file.package == "google.protobuf":
        yield f"{prefix}{field.camelcase_name}", field
    else:
        for inner in message.fields:
            yield from _flat(inner, f"{prefix}{field.camelcase_name}.")


def _parameter(place: str, name: str, field: FieldDescriptor, schemas: Schemas, *, required: bool) -> Schema:
    schema = schemas.field(field)
    # In a path as the contract's template writes it.
    return {
        "name": name,
        "in": place,
        "required": required,
        "description": schema.pop("description"),
        "schema": schema,
    }


def _header(name: str, description: str, schema: Schema, required: bool) -> Schema:
    return {"name": name, "in": "header", "required": required, "description": description, "schema": schema}


def _answer(route: Route, schemas: Schemas) -> Schema:
    response = cast("Descriptor", route.response_type.DESCRIPTOR)
    content = {"schema": schemas.ref(response), "example": document_of(example_of(route.response_type))}
    headers = ["RateLimit", "RateLimit-Policy", *(["ETag"] if route.versioned_field else [])]
    return {
        "description": comments().get(response.full_name, "Done."),
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in headers},
        "content": {MEDIA_TYPE: content},
    }


def refusals(reasons: Iterable[Reason]) -> dict[str, Any]:
    """The answers that refuse, by status. `reasons` stand in its order."""
    grouped = groupby(reasons, key=lambda reason: reason.status)
    return {str(status): _refusal(status, list(each)) for status, each in grouped}


def _unchanged(route: Route) -> dict[str, Any]:
    is_conditional = route.access.reads and route.versioned_field
    return {"304": {"description": "It still has the ETag of `If-None-Match`."}} if is_conditional else {}


def _refusal(status: int, reasons: list[Reason]) -> Schema:
    said = [f"- `{reason.name}`: {reason.description}" for reason in reasons]
    content: Schema = {
        "schema": {"$ref": "#/components/schemas/Problem"},
        "examples": {reason.name: {"value": _problem(reason)} for reason in reasons},
    }
    return {"description": "\n".join([f"{_TITLES[status]}.", "", *said]), "content": {PROBLEM: content}}


def _problem(reason: Reason) -> Schema:
    return {
        "type": f"urn:rappit:problem:{reason.domain}:{reason.name}",
        "title": reason.name.replace("_", " ").capitalize(),
        "status": reason.status,
        "detail": reason.description,
        "reason": reason.name,
        "domain": reason.domain,
        "metadata": dict(reason.metadata),
        "violations": [],
        "traceId": "4bf92f3577b34da6a3ce929d0e0e4736",
    }
