"""Conditions on versions, as HTTP has them."""

import pytest

from chassis.errors import ChangedMeanwhile
from rappit.orders.v1.order_pb2 import Order
from rappit.orders.v1.orders_pb2 import CancelOrderResponse, GetOrderResponse
from tests.gateway.conftest import Served
from tests.gateway.neighbours import Neighbours
from tests.gateway.rest.test_transcode import CANCEL, ORDER, SERVICE, refusing


async def test_if_match_goes_into_the_etag_of_the_request(gateway: Served, neighbours: Neighbours) -> None:
    neighbours.answers[f"{SERVICE}/CancelOrder"] = lambda _: CancelOrderResponse(order=Order(etag="8"))
    headers = {**neighbours.sign_in().headers, "Idempotency-Key": "key"}

    for if_match, etag in [('"7"', "7"), ("7", "7"), ("*", ""), ("", "")]:
        answer = await gateway.http.post(f"{ORDER}:cancel", json=CANCEL, headers={**headers, "If-Match": if_match})
        assert (answer.status_code, answer.headers["etag"]) == (200, '"8"')
        assert neighbours.seen("CancelOrder")[-1].request.etag == etag
    same = await gateway.http.post(
        f"{ORDER}:cancel", json={**CANCEL, "etag": "7"}, headers={**headers, "If-Match": "7"}
    )
    assert same.status_code == 200


@pytest.mark.parametrize("if_match", ['W/"7"', '"7", "8"', '"a b"', '"', '"7'])
async def test_an_if_match_that_cannot_be_kept_is_refused(
    gateway: Served, neighbours: Neighbours, if_match: str
) -> None:
    headers = {**neighbours.sign_in().headers, "Idempotency-Key": "key", "If-Match": if_match}

    answer = await gateway.http.post(f"{ORDER}:cancel", json=CANCEL, headers=headers)

    assert (answer.status_code, answer.json()["reason"]) == (400, "INVALID_REQUEST")
    assert neighbours.seen("CancelOrder") == []


async def test_an_if_match_that_would_be_ignored_is_refused(gateway: Served, neighbours: Neighbours) -> None:
    headers = {**neighbours.sign_in().headers, "Idempotency-Key": "key", "If-Match": '"7"'}

    changing = await gateway.http.post("/v1/items", json={"sku": "A", "name": "A"}, headers=headers)
    reading = await gateway.http.get(ORDER, headers=headers)
    other = await gateway.http.post(f"{ORDER}:cancel", json={**CANCEL, "etag": "8"}, headers=headers)

    assert (changing.status_code, reading.status_code) == (400, 200)
    assert other.json()["violations"] == [{"field": "etag", "description": "is not what If-Match says"}]


async def test_somebody_else_was_quicker_is_a_412_or_a_409_with_the_etag_of_now(
    gateway: Served, neighbours: Neighbours
) -> None:
    """412 (RFC 9110) where the condition was HTTP's, 409 where it stood in the body."""
    neighbours.answers[f"{SERVICE}/CancelOrder"] = refusing(ChangedMeanwhile("8"))
    headers = {**neighbours.sign_in().headers, "Idempotency-Key": "key"}

    by_header = await gateway.http.post(f"{ORDER}:cancel", json=CANCEL, headers={**headers, "If-Match": '"7"'})
    by_body = await gateway.http.post(f"{ORDER}:cancel", json={**CANCEL, "etag": "7"}, headers=headers)

    for answer, status in ((by_header, 412), (by_body, 409)):
        assert (answer.status_code, answer.json()["status"]) == (status, status)
        assert (answer.json()["reason"], answer.json()["metadata"]) == ("CHANGED_MEANWHILE", {"etag": "8"})


@pytest.mark.parametrize(
    ("if_none_match", "status"),
    [('"7"', 304), ('W/"7"', 304), ('"6", "7"', 304), ("7", 304), ("*", 304), ('"8"', 200), ('"77"', 200), ("", 200)],
)
async def test_who_has_what_would_be_answered_is_told_so(
    gateway: Served, neighbours: Neighbours, if_none_match: str, status: int
) -> None:
    neighbours.answers[f"{SERVICE}/GetOrder"] = lambda _: GetOrderResponse(order=Order(name="#1001", etag="7"))
    headers = {**neighbours.sign_in().headers, "If-None-Match": if_none_match}

    answer = await gateway.http.get(ORDER, headers=headers)

    assert (answer.status_code, answer.headers["etag"]) == (status, '"7"')
    assert bool(answer.content) == (status == 200)


async def test_what_has_no_version_is_always_answered(gateway: Served, neighbours: Neighbours) -> None:
    headers = {**neighbours.sign_in().headers, "If-None-Match": "*"}

    for path in ("/v1/orders", ORDER):
        answer = await gateway.http.get(path, headers=headers)
        assert answer.status_code == 200
        assert "etag" not in answer.headers


async def test_a_change_is_made_whatever_the_caller_has(gateway: Served, neighbours: Neighbours) -> None:
    neighbours.answers[f"{SERVICE}/CancelOrder"] = lambda _: CancelOrderResponse(order=Order(etag="8"))
    headers = {**neighbours.sign_in().headers, "Idempotency-Key": "key", "If-None-Match": '"8"'}

    assert (await gateway.http.post(f"{ORDER}:cancel", json=CANCEL, headers=headers)).status_code == 200
