"""What is asked: the request's bytes become a message, which must obey the contract's rules (protovalidate)."""

import re
from collections.abc import Iterator
from typing import Any

import protovalidate
from google.protobuf.message import DecodeError, Message

from chassis.errors import InvalidRequest, Violation
from chassis.rpc.chain import Incoming, Method, Step

_QUOTES = re.compile(r'["\\]')

# One for the process: it keeps the rules that it compiled, which take milliseconds a message.
_VALIDATOR = protovalidate.Validator()


def validation(method: Method, next_step: Step) -> Step:
    decode = method.decode
    violations = _VALIDATOR.collect_violations
    violations(decode(b""))  # compiles, so that the first call need not

    async def validated(incoming: Incoming) -> bytes:
        try:
            request = decode(incoming.raw)
        except DecodeError:
            raise InvalidRequest("the bytes are no such message") from None
        found = [described(violation) for violation in violations(request)]
        # The byte may as well be part of a number: only then are the texts looked at.
        if b"\0" in incoming.raw:
            found += [Violation(path, "has a NUL character") for path in texts_with_nul(request)]
        if found:
            raise InvalidRequest(violations=found)
        incoming.request = request
        return await next_step(incoming)

    return validated


def texts_with_nul(message: Message, above: str = "") -> Iterator[str]:
    """Paths of texts that PostgreSQL does not take: it has no NUL. So no rule of a field has to say it."""
    for field, value in message.ListFields():
        path = f"{above}{field.name}"
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            parts = [(f"{path}{_subscript_of(key)}", part) for key, each in value.items() for part in (key, each)]
        elif field.is_repeated:
            parts = [(f"{path}[{n}]", each) for n, each in enumerate(value)]
        else:
            parts = [(path, value)]
        for place, part in parts:
            if isinstance(part, Message):
                yield from texts_with_nul(part, f"{place}.")
            elif isinstance(part, str) and "\0" in part:
                yield place


def described(violation: protovalidate.Violation) -> Violation:
    """The field's path in the words of the proto (`lines[0].quantity`), and what is wrong with it."""
    found = violation.proto
    path = ""
    for element in found.field.elements if found.field else ():
        path += ("." if path else "") + element.field_name + _subscript(element.subscript)
    return Violation(path, found.message or f"breaks the rule {found.rule_id}")


def _subscript(subscript: Any) -> str:
    """The place in a list, or the key in a map."""
    return "" if subscript is None else _subscript_of(subscript.value)


def _subscript_of(value: object) -> str:
    if isinstance(value, str):
        return '["' + _QUOTES.sub(r"\\\g<0>", value) + '"]'
    return f"[{str(value).lower()}]"
