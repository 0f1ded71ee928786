"""Refusals on the wire and back."""

from datetime import timedelta

import grpc
import grpc.aio
from grpc.aio import AioRpcError, Metadata
from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import Refusal, Violation
from chassis.rpc.status import DETAILS, LARGEST_DETAILS, decode, encode

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


class Odd(Refusal):
    code = grpc.StatusCode.ABORTED
    domain = "orders.rappit"


def error(code: grpc.StatusCode, details: str, *trailers: tuple[str, bytes]) -> AioRpcError:
    return AioRpcError(code, Metadata(), Metadata(*trailers), details)


@given(
    st.dictionaries(TEXT, TEXT, max_size=20),
    st.lists(st.builds(Violation, TEXT, TEXT), max_size=10),
    st.none() | st.timedeltas(timedelta(0), timedelta(hours=1)),
)
def test_what_fits_comes_back_as_it_was(
    facts: dict[str, str], violations: list[Violation], retry_after: timedelta | None
) -> None:
    sent = Odd("no", facts=facts, violations=violations, retry_after=retry_after)
    message, details = encode(sent)
    back = decode(error(sent.code, message, (DETAILS, details)), "orders")

    assert (back.code, back.domain, back.reason, back.message) == (sent.code, sent.domain, "ODD", "no")
    assert (back.facts, back.violations, back.retry_after) == (sent.facts, sent.violations, sent.retry_after)


@given(st.dictionaries(TEXT, st.text(max_size=500).filter(lambda text: text.isprintable()), max_size=100))
def test_details_never_grow_past_what_trailers_carry(facts: dict[str, str]) -> None:
    _, details = encode(Odd("no" * 2000, facts=facts, violations=[Violation("a", "b" * 100)] * 100))

    assert len(details) < LARGEST_DETAILS + 1500


def test_an_answer_of_grpc_itself_has_a_reason_too() -> None:
    gone = decode(error(grpc.StatusCode.UNAVAILABLE, "connection refused"), "inventory")
    odd = decode(error(grpc.StatusCode.UNKNOWN, "?"), "inventory")

    assert (gone.domain, gone.reason, gone.facts) == ("rappit", "UNAVAILABLE_FOR_NOW", {"part": "inventory"})
    assert odd.reason == "INTERNAL_FAULT"


def test_details_that_are_none_are_passed_over() -> None:
    back = decode(error(grpc.StatusCode.NOT_FOUND, "no", (DETAILS, b"\xff\xff\xff")), "inventory")

    assert (back.code, back.message) == (grpc.StatusCode.NOT_FOUND, "no")
