"""Refusals on the wire: google.rpc.Status with ErrorInfo, BadRequest and RetryInfo, both ways."""

from collections.abc import Iterable
from datetime import timedelta
from typing import TypeVar

import grpc
import grpc.aio
from google.protobuf.any_pb2 import Any
from google.protobuf.message import DecodeError, Message
from google.rpc import error_details_pb2, status_pb2

from chassis.errors import Refusal, RemoteRefusal, Violation

M = TypeVar("M", bound=Message)

DETAILS = "grpc-status-details-bin"
# Trailers past 8 KB are dropped by clients that were not told otherwise, and the status with them.
LARGEST_DETAILS = 5_000
LONGEST_MESSAGE = 500

# What a peer answers without saying why, because it is gRPC itself that answers.
_WITHOUT_DETAILS = {
    grpc.StatusCode.UNAVAILABLE: "UNAVAILABLE_FOR_NOW",
    grpc.StatusCode.DEADLINE_EXCEEDED: "DEADLINE_PASSED",
    grpc.StatusCode.RESOURCE_EXHAUSTED: "OVERLOADED",
}
# What a peer may tell our caller in its own words. Anything else is between the peer and us, so it is our fault.
_PASSED_ON = frozenset(
    {
        grpc.StatusCode.NOT_FOUND,
        grpc.StatusCode.ALREADY_EXISTS,
        grpc.StatusCode.FAILED_PRECONDITION,
        grpc.StatusCode.ABORTED,
        grpc.StatusCode.OUT_OF_RANGE,
        grpc.StatusCode.UNAVAILABLE,
        grpc.StatusCode.DEADLINE_EXCEEDED,
        grpc.StatusCode.RESOURCE_EXHAUSTED,
    }
)


def is_for_the_caller(error: BaseException) -> bool:
    """Whether an exception is an answer. All others are faults, of which the caller learns only an id."""
    if isinstance(error, RemoteRefusal):
        return error.code in _PASSED_ON
    return isinstance(error, Refusal)


def encode(refusal: Refusal) -> tuple[str, bytes]:
    """Message and details of a refusal, cut to what trailers can carry."""
    left = LARGEST_DETAILS
    info = error_details_pb2.ErrorInfo(reason=refusal.reason, domain=refusal.domain)
    for number, (name, value) in enumerate(refusal.facts.items()):
        left -= len(name.encode()) + len(value.encode()) + 8
        if left < 0:
            info.metadata["left_out"] = str(len(refusal.facts) - number)
            break
        info.metadata[name] = value
    bad = error_details_pb2.BadRequest()
    for violation in refusal.violations:
        left -= len(violation.field.encode()) + len(violation.description.encode()) + 8
        if left < 0:
            break
        bad.field_violations.add(field=violation.field, description=violation.description)
    message = refusal.message[:LONGEST_MESSAGE]
    details: list[Message] = [info, bad] if bad.field_violations else [info]
    if refusal.retry_after is not None:
        retry = error_details_pb2.RetryInfo()
        retry.retry_delay.FromTimedelta(refusal.retry_after)
        details.append(retry)
    status = status_pb2.Status(code=refusal.code.value[0], message=message, details=map(_packed, details))
    return message, status.SerializeToString()


def decode(error: grpc.aio.AioRpcError, callee: str) -> RemoteRefusal:
    """What a callee answered. Without details it was gRPC, or nobody."""
    code = error.code()
    # Nobody here cancels a call: a server that is stopping did, in the instant in which it came.
    if code is grpc.StatusCode.CANCELLED:
        code = grpc.StatusCode.UNAVAILABLE
    refusal = RemoteRefusal(
        error.details() or code.name,
        code=code,
        domain="rappit",
        reason=_WITHOUT_DETAILS.get(code, "INTERNAL_FAULT"),
        facts={"part": callee},
    )
    for name, value in error.trailing_metadata() or ():
        if name == DETAILS and isinstance(value, bytes):
            _read(value, refusal)
    return refusal


def _read(encoded: bytes, refusal: RemoteRefusal) -> None:
    try:
        details = status_pb2.Status.FromString(encoded).details
        for info in _unpacked(details, error_details_pb2.ErrorInfo):
            refusal.domain, refusal.reason, refusal.facts = info.domain, info.reason, dict(info.metadata)
        for bad in _unpacked(details, error_details_pb2.BadRequest):
            refusal.violations = tuple(Violation(entry.field, entry.description) for entry in bad.field_violations)
        for retry in _unpacked(details, error_details_pb2.RetryInfo):
            refusal.retry_after = timedelta(
                seconds=retry.retry_delay.seconds, microseconds=retry.retry_delay.nanos // 1000
            )
    except DecodeError:
        return


def _packed(detail: Message) -> Any:
    packed = Any()
    packed.Pack(detail)
    return packed


def _unpacked(details: Iterable[Any], kind: type[M]) -> Iterable[M]:
    for detail in details:
        message = kind()
        if detail.Unpack(message):
            yield message
