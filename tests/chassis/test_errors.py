"""A refusal is a class; its reason is its name."""

import grpc

from chassis.errors import InternalFault, Refusal, UnavailableForNow


class OrderOnHold(Refusal):
    code = grpc.StatusCode.FAILED_PRECONDITION
    domain = "orders.rappit"


def test_the_reason_of_a_refusal_is_its_name() -> None:
    assert OrderOnHold("no").reason == "ORDER_ON_HOLD"
    assert InternalFault("1").reason == "INTERNAL_FAULT"


def test_facts_are_texts() -> None:
    assert OrderOnHold("no", facts={"holds": 2}).facts == {"holds": "2"}


def test_what_is_away_for_now_says_when_to_come_again() -> None:
    refusal = UnavailableForNow("database")

    assert refusal.retry_after is not None
    assert refusal.facts == {"part": "database"}
