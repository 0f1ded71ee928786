"""The RPC's request that an HTTP request is: path, query, body and `If-Match` put together."""

import re
from typing import Any

from google.protobuf.empty_pb2 import Empty
from google.protobuf.message import Message

from chassis.errors import IdempotencyKeyRequired, InvalidRequest, Violation
from gateway.edge.visits import Visit
from gateway.rest.contract import Route
from gateway.rest.documents import parse_document, read_message
from gateway.rest.etags import required_etag
from gateway.rest.queries import read_query

LONGEST_KEY = 200
_KEY = re.compile(rb"[\x21-\x7e]{1,%d}" % LONGEST_KEY)


def idempotency_key(route: Route, visit: Visit) -> str | None:
    """The key that the RPC takes; None where it takes none. Raises IdempotencyKeyRequired."""
    if not route.access.idempotency_key:
        return None
    key = visit.header(b"idempotency-key")
    if not _KEY.fullmatch(key):
        raise IdempotencyKeyRequired
    return key.decode()


def read_request(route: Route, values: tuple[str, ...], visit: Visit, body: bytes) -> Message:
    """The RPC's request. Raises InvalidRequest naming each field at fault."""
    if route.has_body:
        # Whatever Content-Type says, as curl says something else: a body that is no JSON is refused for that.
        read_query(visit.query, Empty)
        document = parse_document(body)
    else:
        document = read_query(visit.query, route.request_type)
    for name, value in zip(route.template.fields, values, strict=True):
        _put(document, route, name, value, "the path")
    etag = required_etag(visit.header(b"if-match"))
    if etag and "etag" in route.request_type.DESCRIPTOR.fields_by_name:
        _put(document, route, "etag", etag, "If-Match")
    elif etag and not route.access.reads:
        raise InvalidRequest("If-Match: this request cannot be made to depend on a version")
    return read_message(document, route.request_type)


def _put(document: dict[str, Any], route: Route, name: str, value: str, source: str) -> None:
    """Fills a field from elsewhere than the body or query, which may only say the same."""
    field = route.request_type.DESCRIPTOR.fields_by_name[name]
    for spelling in {field.name, field.camelcase_name}:
        if document.pop(spelling, value) not in (value, "", None):
            raise InvalidRequest(violations=[Violation(spelling, f"is not what {source} says")])
    document[field.name] = value
