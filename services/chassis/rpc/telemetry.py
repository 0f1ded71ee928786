"""What a call leaves behind: what its span says, a duration, and a log line if somebody was not let in."""

import asyncio
import time

import grpc.aio

from chassis.errors import Refusal
from chassis.rpc.chain import Incoming, Method, Step
from chassis.rpc.status import is_for_the_caller
from chassis.telemetry import metrics
from chassis.telemetry.logs import get_logger

log = get_logger()

_NOT_LET_IN = frozenset({"UNAUTHENTICATED", "PERMISSION_DENIED"})
# Of a server's answers only these are its own errors (semantic conventions for RPC); the rest is the caller's.
_OWN_ERRORS = frozenset({"INTERNAL", "UNAVAILABLE", "DEADLINE_EXCEEDED", "UNKNOWN", "DATA_LOSS", "UNIMPLEMENTED"})


def telemetry(method: Method, next_step: Step) -> Step:
    observe = metrics.durations_of_served(method.name)
    serving = metrics.calls_being_served

    async def observed(incoming: Incoming) -> bytes:
        started = time.perf_counter()
        span = incoming.span
        # The task is this call's own, so nothing is put back: what the guard logs still belongs to the span.
        span.make_current()
        code = "OK"
        serving.add(1)
        try:
            return await next_step(incoming)
        except grpc.aio.AbortError:
            code = incoming.context.code().name
            raise
        except asyncio.CancelledError:
            code = "CANCELLED"
            raise
        except Exception as error:
            code = error.code.name if isinstance(error, Refusal) and is_for_the_caller(error) else "INTERNAL"
            if code in _NOT_LET_IN:
                log.warning("call refused", code=code, problem=str(error), peer=incoming.context.peer())
            raise
        finally:
            serving.add(-1)
            observe(code, time.perf_counter() - started)
            span.end(code if code in _OWN_ERRORS else "")

    return observed
