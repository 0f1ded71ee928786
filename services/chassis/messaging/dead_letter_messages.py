"""Dead letters on the wire."""

from chassis.messaging.dead_letters import DeadLetter, Outcome
from chassis.timestamps import timestamp
from rappit.types.v1 import dead_letter_pb2 as proto


def dead_letter_message(letter: DeadLetter) -> proto.DeadLetter:
    """A dead letter as operators see it: without what it says."""
    parts = letter.traceparent.split("-")
    return proto.DeadLetter(
        consumer=letter.consumer,
        event_id=str(letter.event_id),
        type=letter.type,
        aggregate_id=letter.aggregate_id,
        tries=letter.tries,
        failure=letter.failure,
        receive_time=timestamp(letter.receive_time),
        waiting_behind=letter.behind,
        trace_id=parts[1] if len(parts) > 1 else "",
    )


def dead_letter_result(outcome: Outcome) -> proto.DeadLetterResult:
    """What came of a replay or discard."""
    return proto.DeadLetterResult(
        id=proto.DeadLetterId(consumer=outcome.id.consumer, event_id=str(outcome.id.event_id)),
        done=outcome.done,
        failure=outcome.failure,
        changes=outcome.changes,
    )
