"""Once: an RPC that changes state needs the caller's key. Here it is demanded; the unit of work claims it."""

import hashlib
from functools import cache
from typing import Any

from google.protobuf.message import Message

from chassis.errors import IdempotencyKeyRequired
from chassis.rpc.chain import Incoming, Method, Step

HEADER = "idempotency-key"
LONGEST_KEY = 200


def idempotency(method: Method, next_step: Step) -> Step:
    if not method.access.idempotency_key:
        return next_step

    async def with_key(incoming: Incoming) -> bytes:
        key = incoming.text(HEADER)
        if not 0 < len(key) <= LONGEST_KEY:
            raise IdempotencyKeyRequired
        incoming.idempotency_key = key
        incoming.fingerprint = fingerprint(incoming.request)
        return await next_step(incoming)

    return with_key


def fingerprint(request: Message) -> bytes:
    """What is kept of a request, to know it again. It says nothing of fields that the contract marks `debug_redact`:
    a plain hash of a password, kept beside the rest of its request, would be guessed in seconds."""
    if _has_secrets(request.DESCRIPTOR):
        request = type(request).FromString(request.SerializeToString())
        _clear_secrets(request)
    # Of the message, not of its bytes: another release of a client may write the same fields in another order.
    return hashlib.sha256(request.SerializeToString(deterministic=True)).digest()


@cache
def _has_secrets(kind: Any) -> bool:
    """Whether messages of this kind have such fields, at any depth."""
    seen, waiting = {kind}, [kind]
    while waiting:
        for field in waiting.pop().fields:
            if field.GetOptions().debug_redact:
                return True
            if field.message_type is not None and field.message_type not in seen:
                seen.add(field.message_type)
                waiting.append(field.message_type)
    return False


def _clear_secrets(message: Message) -> None:
    for field, value in message.ListFields():
        if field.GetOptions().debug_redact:
            message.ClearField(field.name)
        elif isinstance(value, Message):
            _clear_secrets(value)
        elif field.message_type is not None:
            is_map = field.message_type.GetOptions().map_entry
            for inner in value.values() if is_map else value:
                if isinstance(inner, Message):
                    _clear_secrets(inner)
