"""Until when: every call has a deadline. At that time gRPC cancels the call's task, here and at the caller."""

import time

from chassis.errors import DeadlinePassed, DeadlineRequired
from chassis.rpc.chain import Incoming, Method, Step


def deadline(_method: Method, next_step: Step) -> Step:
    async def with_deadline(incoming: Incoming) -> bytes:
        remaining = incoming.context.time_remaining()
        if remaining is None:
            raise DeadlineRequired
        if remaining <= 0:
            raise DeadlinePassed
        incoming.deadline = time.monotonic() + remaining
        return await next_step(incoming)

    return with_deadline
