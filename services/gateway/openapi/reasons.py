"""The reasons of refusal that an RPC can give, with their statuses: from the contract's comments and declarations.

A reason of a service is named in the comment of its RPC ("Refused with ORDER_NOT_FOUND"); the comment of the reason
begins with its gRPC code. Which of everybody's reasons there are follows from what the RPC takes.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from grpc import StatusCode

from gateway.edge.statuses import HTTP_STATUS
from gateway.errors import BodyTooLarge, EdgeRefusal, RateLimited, TooManyStreams
from gateway.openapi.comments import comments
from gateway.rest.contract import Route, contract_files

_PREFIX = "ERROR_REASON_"
_EXAMPLE = " Example: "
_NAME = re.compile(r"\b[A-Z]+(?:_[A-Z]+)+\b")


class Reason(NamedTuple):
    """Why something is refused."""

    name: str
    domain: str
    status: int
    description: str
    metadata: Mapping[str, str]
    """An example."""


@cache
def declared_reasons() -> Mapping[str, Mapping[str, Reason]]:
    """Context ("orders"; "types" for everybody's) -> name -> reason. Raises ValueError for one without its code."""
    return {
        file.package.split(".")[1]: {
            reason.name: reason
            for value in enum.values
            if value.number
            for reason in [_reason(f"{enum.full_name}.{value.name}")]
        }
        for file in contract_files()
        for enum in file.enum_types_by_name.values()
        if enum.name.endswith("ErrorReason")
    }


def reasons_of(route: Route) -> list[Reason]:
    """The reasons that a route can give, by status."""
    return sorted(_reasons(route), key=lambda reason: (reason.status, reason.domain != "rappit", reason.name))


def named_reasons(names: Iterable[tuple[str, str]]) -> list[Reason]:
    """Reasons by context and name, and those of every path, by status."""
    named = [declared_reasons()[context][name] for context, name in names]
    return sorted([*named, _of_edge(RateLimited), _of_edge(TooManyStreams)], key=lambda reason: reason.status)


def _reasons(route: Route) -> Iterator[Reason]:
    everybodys, own = declared_reasons()["types"], declared_reasons()[route.callee]
    named = set(_NAME.findall(comments()[route.rpc.replace("/", ".")]))
    fields = route.request_type.DESCRIPTOR.fields_by_name
    takes = {
        "INVALID_REQUEST": True,
        "NOT_AUTHENTICATED": route.access.users,
        "NOT_PERMITTED": bool(route.access.permission),
        "IDEMPOTENCY_KEY_REQUIRED": route.access.idempotency_key,
        "IDEMPOTENCY_KEY_REUSED": route.access.idempotency_key,
        "IDEMPOTENCY_KEY_IN_FLIGHT": route.access.idempotency_key,
        "CHANGED_MEANWHILE": "etag" in fields,
        "PAGE_TOKEN_INVALID": "page_token" in fields,
        "OVERLOADED": True,
        "INTERNAL_FAULT": True,
        "UNAVAILABLE_FOR_NOW": True,
        "DEADLINE_PASSED": True,
    }
    for name, reason in everybodys.items():
        if takes.get(name) or name in named:
            yield reason
    if "etag" in fields:
        yield everybodys["CHANGED_MEANWHILE"]._replace(
            status=412, description="What If-Match names is not what there is now. Read it again and repeat."
        )
    yield from (reason for name, reason in own.items() if name in named)
    if route.access.users:
        of_tokens = {"TOKEN_INVALID", "NOT_A_MEMBER", "ORGANIZATION_NOT_ACTIVE"} - (named & own.keys())
        yield from (declared_reasons()["identity"][name] for name in of_tokens)
    yield _of_edge(RateLimited)
    if route.has_body:
        yield _of_edge(BodyTooLarge)


def _of_edge(refusal: type[EdgeRefusal]) -> Reason:
    return Reason(refusal.reason, refusal.domain, refusal.status, refusal.__doc__ or "", {})


def _reason(name: str) -> Reason:
    text, _, example = comments().get(name, "").partition(_EXAMPLE)
    code, _, description = text.partition(": ")
    if code not in StatusCode.__members__:
        raise ValueError(f"the comment of {name} does not begin with its gRPC code")
    context = name.split(".")[1]
    # Words of people may follow the example.
    problem: dict[str, Any] = json.JSONDecoder().raw_decode(example)[0] if example else {}
    return Reason(
        name=name.partition(_PREFIX)[2],
        domain="rappit" if context == "types" else f"{context}.rappit",
        status=HTTP_STATUS[StatusCode[code]],
        description=description[:1].upper() + description[1:],
        metadata=problem.get("metadata", {}),
    )
