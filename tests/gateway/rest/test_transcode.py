import json
import time
from datetime import timedelta
from typing import Any

import pytest
from grpc import StatusCode

from chassis.errors import InvalidRequest, NotAuthenticated, Overloaded, Refusal, Violation
from gateway.edge.statuses import HTTP_STATUS
from gateway.rest import transcode
from rappit.orders.v1.order_pb2 import Order
from rappit.orders.v1.orders_pb2 import GetOrderResponse, ListOrdersResponse
from tests.gateway.conftest import Served, serving
from tests.gateway.neighbours import Answer, Neighbours

ORDER = "/v1/orders/0192f3a4-0000-7000-8000-000000000001"
SERVICE = "rappit.orders.v1.OrderService"
CANCEL = {"reason": "CANCEL_REASON_FRAUD_SUSPECTED"}


def refusing(refusal: Exception) -> Answer:
    def refuse(_: object) -> Any:
        raise refusal

    return refuse


class NothingDoing(Refusal):
    domain = "orders.rappit"


@pytest.mark.parametrize("code", [code for code in HTTP_STATUS if code not in (StatusCode.OK, StatusCode.CANCELLED)])
async def test_a_refusal_is_a_problem_with_its_status(
    gateway: Served, neighbours: Neighbours, code: StatusCode
) -> None:
    refusal = NothingDoing("nothing is done today", facts={"order_id": "7"})
    refusal.code = code
    neighbours.answers[f"{SERVICE}/GetOrder"] = refusing(refusal)

    answer = await gateway.http.get(ORDER, headers=neighbours.sign_in().headers)

    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.status_code == HTTP_STATUS[code]
    trace_id = answer.headers["traceparent"].split("-")[1]
    assert answer.json() == {
        "type": "urn:rappit:problem:orders.rappit:NOTHING_DOING",
        "title": "Nothing doing",
        "status": HTTP_STATUS[code],
        "detail": "nothing is done today",
        "instance": ORDER,
        "reason": "NOTHING_DOING",
        "domain": "orders.rappit",
        "metadata": {"order_id": "7"},
        "violations": [],
        "traceId": trace_id,
    }


def test_every_code_of_grpc_has_the_status_that_google_gives_it() -> None:
    """google/rpc/code.proto, in the order of its numbers."""
    said = [200, 499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401]

    assert {code.value[0]: status for code, status in HTTP_STATUS.items()} == dict(enumerate(said))


async def test_violations_name_fields_as_the_caller_spells_them(gateway: Served, neighbours: Neighbours) -> None:
    violation = Violation('lines[0].reserved_at["a_b"].warehouse_id', "is no UUID")
    neighbours.answers[f"{SERVICE}/GetOrder"] = refusing(InvalidRequest(violations=[violation]))

    answer = await gateway.http.get(ORDER, headers=neighbours.sign_in().headers)

    assert answer.json()["violations"] == [
        {"field": 'lines[0].reservedAt["a_b"].warehouseId', "description": "is no UUID"}
    ]


async def test_the_service_checks_what_the_path_says(gateway: Served, neighbours: Neighbours) -> None:
    answer = await gateway.http.get("/v1/orders/7", headers=neighbours.sign_in().headers)

    assert (answer.status_code, answer.json()["violations"][0]["field"]) == (400, "orderId")


async def test_who_comes_too_often_is_told_when_to_come_back(gateway: Served, neighbours: Neighbours) -> None:
    neighbours.answers[f"{SERVICE}/GetOrder"] = refusing(Overloaded(retry_after=timedelta(seconds=2.2)))

    answer = await gateway.http.get(ORDER, headers=neighbours.sign_in().headers)

    assert (answer.status_code, answer.headers["retry-after"]) == (429, "3")


async def test_a_fault_inside_is_a_500_without_its_text(gateway: Served, neighbours: Neighbours) -> None:
    neighbours.answers[f"{SERVICE}/GetOrder"] = refusing(ValueError("secret of the database"))

    answer = await gateway.http.get(ORDER, headers=neighbours.sign_in().headers)

    assert (answer.status_code, answer.json()["reason"]) == (500, "INTERNAL_FAULT")
    assert answer.json()["metadata"]["error_id"]
    assert "secret" not in answer.text


async def test_a_service_that_is_away_is_a_503_that_names_no_address(own_neighbours: Neighbours) -> None:
    person = own_neighbours.sign_in()
    async with serving(own_neighbours) as gateway:
        await own_neighbours.close("orders")
        answer = await gateway.http.get(ORDER, headers=person.headers)

    assert (answer.status_code, answer.json()["reason"]) == (503, "UNAVAILABLE_FOR_NOW")
    assert answer.json()["metadata"] == {"part": "orders"}
    assert "127.0.0.1" not in answer.text


async def test_a_service_that_does_not_answer_in_time_is_a_504(
    gateway: Served, neighbours: Neighbours, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transcode, "CALL_SECONDS", 0.2)
    neighbours.answers[f"{SERVICE}/GetOrder"] = neighbours.never

    started = time.monotonic()
    answer = await gateway.http.get(ORDER, headers=neighbours.sign_in().headers)

    assert (answer.status_code, answer.json()["reason"]) == (504, "DEADLINE_PASSED")
    assert time.monotonic() - started < 5


async def test_a_path_that_is_not_there_is_a_404(gateway: Served, neighbours: Neighbours) -> None:
    for path in ("/", "/v1", "/v1/nothing", "/v1/orders/", "/v1/orders/1/2/3", "/favicon.ico", "/v1/orders/%ff"):
        answer = await gateway.http.get(path, headers=neighbours.sign_in().headers)
        assert (answer.status_code, answer.json()["reason"]) == (404, "ROUTE_NOT_FOUND")
        assert answer.headers["content-type"] == "application/problem+json"


async def test_another_method_is_a_405_that_says_which_there_are(gateway: Served, neighbours: Neighbours) -> None:
    for method, path, allowed in [
        ("DELETE", ORDER, "GET, HEAD, OPTIONS"),
        ("GET", f"{ORDER}:cancel", "OPTIONS, POST"),
        ("PATCH", "/v1/items", "GET, HEAD, OPTIONS, POST"),
        ("BREW", "/v1/items", "GET, HEAD, OPTIONS, POST"),
    ]:
        answer = await gateway.http.request(method, path, headers=neighbours.sign_in().headers)
        if method != "BREW":
            assert (answer.status_code, answer.json()["reason"]) == (405, "METHOD_NOT_ALLOWED")
            assert answer.headers["allow"] == allowed
        else:
            # No method of HTTP: the parser does not know it.
            assert answer.status_code == 400


async def test_options_says_what_a_path_takes(gateway: Served) -> None:
    answer = await gateway.http.options("/v1/items")

    assert (answer.status_code, answer.headers["allow"]) == (204, "GET, HEAD, OPTIONS, POST")


async def test_head_is_get_without_the_body(gateway: Served, neighbours: Neighbours) -> None:
    neighbours.answers[f"{SERVICE}/GetOrder"] = lambda _: GetOrderResponse(order=Order(name="#1001", etag="7"))
    headers = neighbours.sign_in().headers

    head, whole = await gateway.http.head(ORDER, headers=headers), await gateway.http.get(ORDER, headers=headers)

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == whole.headers["content-length"] == str(len(whole.content))
    assert head.headers["etag"] == whole.headers["etag"] == '"7"'


async def test_a_body_may_say_what_the_path_says_and_nothing_else(gateway: Served, neighbours: Neighbours) -> None:
    headers = {**neighbours.sign_in().headers, "Idempotency-Key": "key"}
    order_id = ORDER.rpartition("/")[2]

    same = await gateway.http.post(f"{ORDER}:cancel", json={**CANCEL, "orderId": order_id}, headers=headers)
    other = await gateway.http.post(f"{ORDER}:cancel", json={**CANCEL, "order_id": "another"}, headers=headers)

    assert same.status_code == 200
    assert other.json()["violations"] == [{"field": "orderId", "description": "is not what the path says"}]


async def test_a_request_with_a_body_has_no_parameters(gateway: Served, neighbours: Neighbours) -> None:
    headers = {**neighbours.sign_in().headers, "Idempotency-Key": "key"}

    answer = await gateway.http.post(f"{ORDER}:cancel?note=x", json=CANCEL, headers=headers)

    assert answer.json()["violations"] == [{"field": "note", "description": "is not a parameter of this request"}]


async def test_a_body_is_json_whatever_its_type_says(gateway: Served, neighbours: Neighbours) -> None:
    """curl says application/x-www-form-urlencoded of all."""
    headers = {**neighbours.sign_in().headers, "Idempotency-Key": "key"}

    for media_type in ("application/json; charset=utf-8", "application/x-www-form-urlencoded", ""):
        answer = await gateway.http.post(
            f"{ORDER}:cancel", content=json.dumps(CANCEL).encode(), headers={**headers, "Content-Type": media_type}
        )
        assert answer.status_code == 200
    form = await gateway.http.post(f"{ORDER}:cancel", data={"reason": "x"}, headers=headers)
    assert (form.status_code, form.json()["reason"]) == (400, "INVALID_REQUEST")
    assert (await gateway.http.post("/v1/sessions:signOut", headers=headers)).status_code == 200


async def test_a_body_past_the_limit_is_a_413(gateway: Served, neighbours: Neighbours) -> None:
    headers = {**neighbours.sign_in().headers, "Idempotency-Key": "key"}

    answer = await gateway.http.post(
        f"{ORDER}:cancel", json={**CANCEL, "note": "x" * transcode.MOST_BODY_BYTES}, headers=headers
    )

    assert (answer.status_code, answer.json()["reason"]) == (413, "BODY_TOO_LARGE")
    assert neighbours.seen("CancelOrder") == []


async def test_a_service_that_does_not_know_our_token_is_asked_once_more_with_a_new_one(
    gateway: Served, neighbours: Neighbours
) -> None:
    refusals = [NotAuthenticated("the token is signed with an unknown key")]

    def answer_at_the_second_time(_: object) -> ListOrdersResponse:
        if refusals:
            raise refusals.pop()
        return ListOrdersResponse()

    neighbours.answers[f"{SERVICE}/ListOrders"] = answer_at_the_second_time
    answer = await gateway.http.get("/v1/orders", headers=neighbours.sign_in().headers)

    assert answer.status_code == 200
    assert len(neighbours.seen("ExchangeToken")) == 2


async def test_a_service_that_never_knows_our_token_is_our_fault(gateway: Served, neighbours: Neighbours) -> None:
    """503 and not 401: the person's token is good."""
    neighbours.answers[f"{SERVICE}/ListOrders"] = refusing(NotAuthenticated("the token is forged"))
    neighbours.answers["rappit.identity.v1.SessionService/SignIn"] = refusing(NotAuthenticated("the token is forged"))

    listed = await gateway.http.get("/v1/orders", headers=neighbours.sign_in().headers)
    signed_in = await gateway.http.post("/v1/sessions", json={"email": "a@example.com", "password": "long enough"})

    assert (listed.status_code, signed_in.status_code) == (503, 503)
    assert len(neighbours.seen("ListOrders")) == 2


async def test_one_trace_goes_through(gateway: Served, neighbours: Neighbours) -> None:
    trace_id = "4bf92f3577b34da6a3ce929d0e0e4736"
    headers = {**neighbours.sign_in().headers, "traceparent": f"00-{trace_id}-00f067aa0ba902b7-01"}

    answer = await gateway.http.get(ORDER, headers=headers)

    assert answer.headers["traceparent"].split("-")[1] == trace_id
    assert neighbours.seen("GetOrder")[0].traceparent.split("-")[1] == trace_id
    assert gateway.log[-1]["trace_id"] == trace_id
