"""The OpenAPI document of the HTTP API."""

from collections.abc import Iterable
from importlib.metadata import version
from typing import Any

from gateway.live.serve import PATH
from gateway.openapi.comments import comments
from gateway.openapi.live import TAG, live_operation
from gateway.openapi.operations import operation, operation_ids, tag_of
from gateway.openapi.schemas import Schema, Schemas
from gateway.rest.contract import Route
from rappit.gateway.v1.live_pb2 import LiveUpdate

_ABOUT = """\
The back office of online merchants: orders, stock, stores and people.

**Sign in** with `POST /v1/sessions` and send the access token as `Authorization: Bearer ...`; renew it by
`POST /v1/sessions:refresh`. The organisation is the token's and stands in no path.

**Changes** take an `Idempotency-Key`: make one per change before the first try and send the same one again with each.
`If-Match` with the `ETag` that you read changes only what you saw: else 412.

**Errors** are `application/problem+json` (RFC 9457). Decide by `reason`, show `detail`, name `traceId` to support.
429 and 503 say in `Retry-After` when to come back.

**Lists** come in pages: send `nextPageToken` back as `pageToken` with the same filters.

**Numbers** of 64 bits are text, amounts are minor units of a currency, times are RFC 3339 in UTC. An unknown field is
refused by name. Ignore fields of answers that you do not know: more may come.
"""
_PROBLEM: Schema = {
    "type": "object",
    "description": "Why a request was refused (RFC 9457).",
    "properties": {
        "type": {"type": "string", "description": "Domain and reason as a URN."},
        "title": {"type": "string"},
        "status": {"type": "integer", "description": "The HTTP status."},
        "detail": {"type": "string", "description": "What is wrong, in words."},
        "instance": {"type": "string", "description": "The path that was asked."},
        "reason": {"type": "string", "description": "What to decide by; it does not change."},
        "domain": {"type": "string", "description": "Who refused: a reason is unique in its domain."},
        "metadata": {"type": "object", "additionalProperties": {"type": "string"}, "description": "Facts."},
        "violations": {
            "type": "array",
            "description": "The fields that break their rules.",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "description": {"type": "string"}},
                "required": ["field", "description"],
            },
        },
        "traceId": {"type": "string", "description": "Finds the request in logs and traces."},
    },
    "required": ["type", "title", "status", "detail", "reason", "domain", "metadata", "violations", "traceId"],
}
_HEADERS: Schema = {
    "ETag": {"description": "Version of what is answered, in quotes.", "schema": {"type": "string"}},
    "RateLimit": {
        "description": 'What is left of the tightest limit, and seconds until there is more: `"account";r=595;t=12`.',
        "schema": {"type": "string"},
    },
    "RateLimit-Policy": {
        "description": 'The limits that count here, in requests per seconds: `"account";q=600;w=60`.',
        "schema": {"type": "string"},
    },
}


def openapi_document(routes: Iterable[Route]) -> dict[str, Any]:
    """OpenAPI 3.1 of all routes."""
    routes = list(routes)
    schemas = Schemas(
        [route.request_type for route in routes], [*(route.response_type for route in routes), LiveUpdate]
    )
    ids = operation_ids(routes)
    paths: Schema = {}
    tags: dict[str, str] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = operation(route, ids[route.rpc], schemas)
        tags[tag_of(route)] = comments()[route.rpc.partition("/")[0]]
    paths[PATH] = {"get": live_operation(schemas)}
    tags[TAG] = "What changes, as it changes."
    return {
        "openapi": "3.1.0",
        "info": {"title": "RAPPIT", "version": version("rappit-services"), "description": _ABOUT},
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": description} for name, description in tags.items()],
        "paths": paths,
        "components": {
            "schemas": {"Problem": _PROBLEM, **schemas.used(paths)},
            "headers": _HEADERS,
            "securitySchemes": {
                "accessToken": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
            },
        },
    }
