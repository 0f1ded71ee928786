"""The operation of the stream of live updates, which no RPC carries out."""

from gateway.live.serve import MEDIA_TYPE
from gateway.live.subjects import told_with
from gateway.openapi.comments import comments
from gateway.openapi.examples import document_of, example_of
from gateway.openapi.operations import refusals
from gateway.openapi.reasons import named_reasons
from gateway.openapi.schemas import Schema, Schemas
from rappit.gateway.v1.live_pb2 import LiveSubject, LiveUpdate

TAG = "Live"
_REASONS = (
    ("types", "NOT_AUTHENTICATED"),
    ("identity", "TOKEN_INVALID"),
    ("identity", "NOT_A_MEMBER"),
    ("identity", "ORGANIZATION_NOT_ACTIVE"),
    ("types", "UNAVAILABLE_FOR_NOW"),
)
_SUMMARY = "Tells what changes in the organisation, as it changes"
_HEADER = "Id of the last event that was heard: go on behind it."


def live_operation(schemas: Schemas) -> Schema:
    """The operation; the schema is that of one event's data."""
    about = comments()[LiveUpdate.DESCRIPTOR.full_name]
    content = {"schema": schemas.ref(LiveUpdate.DESCRIPTOR), "example": document_of(example_of(LiveUpdate))}
    return {
        "operationId": "ListenToEvents",
        "summary": _SUMMARY,
        "description": f"{_SUMMARY}, as server-sent events. {about}\n\n{_who()}",
        "tags": [TAG],
        "security": [{"accessToken": []}],
        "parameters": [
            {
                "name": "Last-Event-ID",
                "in": "header",
                "required": False,
                "description": _HEADER,
                "schema": {"type": "string"},
            },
        ],
        "responses": {
            "200": {"description": "Events without end.", "content": {MEDIA_TYPE: content}},
            **refusals(named_reasons(_REASONS)),
        },
    }


def _who() -> str:
    """Who is told what, as a list."""
    return "\n".join(
        f"- `{LiveSubject.Name(subject)}` is told to who has `{permission}`."
        for subject, permission in told_with().items()
    )
