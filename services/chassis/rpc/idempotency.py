"""Once: an RPC that changes state needs the caller's key. Here it is demanded; the unit of work claims it."""

import hashlib

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
        # Of the message, not of its bytes: another release of a client may write the same fields in another order.
        incoming.fingerprint = hashlib.sha256(incoming.request.SerializeToString(deterministic=True)).digest()
        return await next_step(incoming)

    return with_key
