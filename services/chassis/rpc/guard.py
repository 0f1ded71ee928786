"""Outermost: whatever happens inside, the caller gets a refusal with a reason, and never the text of an exception."""

import asyncio

import grpc.aio

from chassis.clock import SystemClock
from chassis.errors import InternalFault, Refusal
from chassis.rpc.chain import Incoming, Method, Step
from chassis.rpc.context import Context
from chassis.rpc.status import DETAILS, encode, is_for_the_caller
from chassis.telemetry.logs import get_logger

log = get_logger()
_clock = SystemClock()


def guard(method: Method, next_step: Step) -> Step:
    async def guarded(incoming: Incoming) -> bytes:
        try:
            return await next_step(incoming)
        except grpc.aio.AbortError:
            raise
        except asyncio.CancelledError as error:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            # Something inside was cancelled, not the call: gRPC would leave the caller without an answer.
            refusal: Refusal = fault(method.name, error)
        except Exception as error:  # noqa: BLE001 (the last resort: nothing may pass as it is)
            refusal = error if isinstance(error, Refusal) and is_for_the_caller(error) else fault(method.name, error)
        return await refuse(incoming.context, refusal)

    return guarded


async def refuse(context: Context, refusal: Refusal) -> bytes:
    """End the call with this refusal."""
    message, details = encode(refusal)
    await context.abort(refusal.code, message, ((DETAILS, details),))
    raise AssertionError("abort returned")


def fault(rpc: str, error: BaseException) -> InternalFault:
    """Log it; the caller learns the id alone."""
    error_id = str(_clock.new_id())
    log.error("internal fault", error_id=error_id, rpc=rpc, exc_info=error)
    return InternalFault(error_id)
