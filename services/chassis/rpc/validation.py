"""What is asked: the request's bytes become a message, which must obey the contract's rules (protovalidate)."""

import re
from typing import Any

import protovalidate
from google.protobuf.message import DecodeError

from chassis.errors import InvalidRequest, Violation
from chassis.rpc.chain import Incoming, Method, Step

_QUOTES = re.compile(r'["\\]')


def validation(method: Method, next_step: Step) -> Step:
    decode = method.decode
    violations = protovalidate.Validator().collect_violations
    # Compiling a message's rules takes milliseconds: not in the first call.
    violations(decode(b""))

    async def validated(incoming: Incoming) -> bytes:
        try:
            request = decode(incoming.raw)
        except DecodeError:
            raise InvalidRequest("the bytes are no such message") from None
        found = violations(request)
        if found:
            raise InvalidRequest(violations=[described(violation) for violation in found])
        incoming.request = request
        return await next_step(incoming)

    return validated


def described(violation: protovalidate.Violation) -> Violation:
    """The field's path in the words of the proto (`lines[0].quantity`), and what is wrong with it."""
    found = violation.proto
    path = ""
    for element in found.field.elements if found.field else ():
        path += ("." if path else "") + element.field_name + _subscript(element.subscript)
    return Violation(path, found.message or f"breaks the rule {found.rule_id}")


def _subscript(subscript: Any) -> str:
    """The place in a list, or the key in a map."""
    if subscript is None:
        return ""
    if isinstance(subscript.value, str):
        return '["' + _QUOTES.sub(r"\\\g<0>", subscript.value) + '"]'
    return f"[{str(subscript.value).lower()}]"
