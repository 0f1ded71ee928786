"""Tries, time and keys of a call, against a server that answers by a script."""

import httpx2
import pytest

from rappit_client import Retries
from rappit_client.errors import (
    IdempotencyKeyInFlight,
    InsufficientStock,
    Overloaded,
    RappitError,
    Refused,
    TimedOut,
    UnavailableForNow,
    UnexpectedAnswer,
    Unreachable,
)
from rappit_client.identity import SignInRequest
from rappit_client.inventory import CreateItemRequest
from tests.clients.scripted import OK, Scripted, Step, problem

AWAY = problem(503, "UNAVAILABLE_FOR_NOW")
DROPPED = httpx2.ReadError("")
NO_CONNECTION = httpx2.ConnectError("")
PAGE = httpx2.Response(502, text="<html>bad gateway</html>", headers={"content-type": "text/html"})
ITEM = CreateItemRequest(sku="MUG", name="Mug")


@pytest.mark.parametrize(
    "passing",
    [AWAY, DROPPED, NO_CONNECTION, PAGE, problem(429, "OVERLOADED"), problem(409, "IDEMPOTENCY_KEY_IN_FLIGHT"),
     problem(504, "DEADLINE_PASSED"), problem(503, "WRITTEN_LATER", "shipping.rappit")],
    ids=["away", "dropped", "no connection", "page", "overloaded", "in flight", "deadline", "unknown reason"],
)  # fmt: skip
async def test_what_passes_is_tried_again_with_one_key(passing: Step) -> None:
    rappit = Scripted(passing, passing, OK)

    await rappit.inventory.create_item(ITEM)

    assert len(rappit.sent) == 3
    assert len(set(rappit.keys)) == 1
    assert len(rappit.keys[0]) == 36


@pytest.mark.parametrize(
    "lasting",
    [problem(400, "INSUFFICIENT_STOCK", "inventory.rappit"), problem(500, "INTERNAL_FAULT"),
     problem(429, "TOO_MANY_ATTEMPTS", "identity.rappit"), httpx2.Response(404, text="nothing here")],
    ids=["refused", "fault", "too many attempts", "not rappit"],
)  # fmt: skip
async def test_what_lasts_is_told_at_once(lasting: Step) -> None:
    rappit = Scripted(lasting)

    with pytest.raises((Refused, UnexpectedAnswer)):
        await rappit.orders.list_orders()

    assert len(rappit.sent) == 1


async def test_retry_after_is_obeyed() -> None:
    rappit = Scripted(problem(503, "UNAVAILABLE_FOR_NOW", headers={"retry-after": "2"}), AWAY, OK)

    await rappit.orders.list_orders()

    assert 2.0 < rappit.waits[0] <= 2.1
    assert 0.1 <= rappit.waits[1] <= 0.2


async def test_who_is_told_to_come_back_after_the_time_is_over_hears_it_now() -> None:
    rappit = Scripted(problem(429, "OVERLOADED", headers={"retry-after": "7"}))

    with pytest.raises(Overloaded) as refused:
        await rappit.orders.list_orders(timeout=6)

    assert refused.value.retry_after is not None
    assert refused.value.retry_after.total_seconds() == 7
    assert rappit.waits == []


async def test_tries_come_to_an_end() -> None:
    rappit = Scripted(*[AWAY] * 9, retries=Retries(most=3))

    with pytest.raises(UnavailableForNow) as refused:
        await rappit.inventory.create_item(ITEM, idempotency_key="mine")

    assert rappit.keys == ["mine"] * 4
    assert refused.value.idempotency_key == "mine"
    assert 0.05 <= rappit.waits[0] <= 0.1 <= rappit.waits[1] <= 0.2 <= rappit.waits[2] <= 0.4


@pytest.mark.parametrize(("failure", "tries"), [(DROPPED, 1), (AWAY, 1), (PAGE, 1), (NO_CONNECTION, 5)])
async def test_what_may_not_be_repeated_is_tried_again_only_when_nothing_had_left(failure: Step, tries: int) -> None:
    rappit = Scripted(*[failure] * 9)

    with pytest.raises(RappitError) as failed:
        await rappit.identity.sign_in(SignInRequest(email="sara@example.com", password="salmon"))

    assert len(rappit.sent) == tries
    assert failed.value.idempotency_key == ""
    assert not isinstance(failed.value, Unreachable) or failed.value.maybe_done == (failure is not NO_CONNECTION)


async def test_a_call_ends_with_its_time() -> None:
    rappit = Scripted(AWAY, None, retries=Retries(first_wait=0.001))

    with pytest.raises(TimedOut) as failed:
        await rappit.inventory.create_item(ITEM, timeout=0.05)

    assert failed.value.idempotency_key == rappit.keys[0]
    assert isinstance(failed.value.__cause__, UnavailableForNow)


async def test_a_key_that_no_header_can_hold_is_not_sent() -> None:
    rappit = Scripted()

    with pytest.raises(ValueError, match="visible ASCII"):
        await rappit.inventory.create_item(ITEM, idempotency_key="مفتاح")

    assert rappit.sent == []


async def test_a_page_that_says_200_is_no_answer() -> None:
    rappit = Scripted(httpx2.Response(200, text="<html>sign in to the Wi-Fi</html>"))

    with pytest.raises(UnexpectedAnswer, match="//rappit"):
        await rappit.orders.list_orders()


async def test_what_a_newer_server_adds_is_passed_over() -> None:
    newer = {"items": [{"id": "1", "colour": "red"}], "total": 4}
    orders = {"orders": [{"id": "1", "fulfillmentStatus": "FULFILLMENT_STATUS_WRITTEN_LATER"}]}
    rappit = Scripted(httpx2.Response(200, json=newer), httpx2.Response(200, json=orders))

    assert [item.id for item in (await rappit.inventory.list_items()).items] == ["1"]
    assert [order.fulfillment_status for order in (await rappit.orders.list_orders()).orders] == [0]


@pytest.mark.parametrize(
    ("reason", "domain", "kind"),
    [
        ("INSUFFICIENT_STOCK", "inventory.rappit", InsufficientStock),
        ("IDEMPOTENCY_KEY_IN_FLIGHT", "rappit", IdempotencyKeyInFlight),
        ("INSUFFICIENT_STOCK", "shipping.rappit", Refused),
        ("CARRIER_ON_STRIKE", "shipping.rappit", Refused),
        ("ROUTE_NOT_FOUND", "gateway.rappit", Refused),
    ],
)
async def test_a_refusal_is_the_class_of_its_reason_and_an_unknown_one_is_refused(
    reason: str, domain: str, kind: type[Refused]
) -> None:
    fields = [{"field": 'lines[0].itemId["aB"]', "description": "is not a UUID"}]
    answer = problem(400, reason, domain, detail="no such luck", metadata={"line:1": "wanted 3"}, violations=fields)
    rappit = Scripted(answer, retries=Retries(most=0))

    with pytest.raises(Refused) as refused:
        await rappit.orders.list_orders()

    assert type(refused.value) is kind
    assert (refused.value.reason, refused.value.domain, refused.value.status) == (reason, domain, 400)
    assert refused.value.facts == {"line:1": "wanted 3"}
    assert refused.value.violations == (('lines[0].item_id["aB"]', "is not a UUID"),)
    assert str(refused.value) == (
        f'no such luck; lines[0].item_id["aB"]: is not a UUID ({domain}/{reason}, trace 4bf92f35)'
    )
