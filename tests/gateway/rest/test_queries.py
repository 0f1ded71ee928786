import pytest

from chassis.errors import InvalidRequest
from gateway.rest.documents import read_message
from gateway.rest.queries import read_query
from rappit.gateway.v1.events_pb2 import WebhookReceived
from rappit.orders.v1.order_pb2 import FulfillmentStatus, PaymentStatus
from rappit.orders.v1.orders_pb2 import ListOrdersRequest


def listed(query: str) -> ListOrdersRequest:
    return read_message(read_query(query, ListOrdersRequest), ListOrdersRequest)


def problems(query: str) -> dict[str, str]:
    with pytest.raises(InvalidRequest) as refused:
        listed(query)
    return dict(refused.value.violations)


def test_fields_of_every_kind_are_read() -> None:
    request = listed(
        "query=%D9%82%D9%87%D9%88%D8%A9&fulfillmentStatuses=FULFILLMENT_STATUS_NEW&paymentStatuses=PAYMENT_STATUS_PAID"
        "&fulfillmentStatuses=FULFILLMENT_STATUS_SHORT&unmapped=true&placedFrom=2026-03-01T09:30:00%2B03:00&pageSize=20"
        "&pageToken=a%2Bb%26c"
    )

    assert (request.query, request.unmapped, request.page_size, request.page_token) == ("قهوة", True, 20, "a+b&c")
    assert request.fulfillment_statuses == [
        FulfillmentStatus.FULFILLMENT_STATUS_NEW,
        FulfillmentStatus.FULFILLMENT_STATUS_SHORT,
    ]
    assert request.payment_statuses == [PaymentStatus.PAYMENT_STATUS_PAID]
    assert request.placed_from.ToJsonString() == "2026-03-01T06:30:00Z"


def test_names_as_in_the_contract_and_empty_texts_are_taken() -> None:
    assert listed("page_size=5&storeId=") == ListOrdersRequest(page_size=5)
    assert listed("") == ListOrdersRequest()


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("colour=red", "colour"),
        ("pageSize=", "pageSize"),
        ("pageSize=ten", "pageSize"),
        ("pageSize=1&pageSize=2", "pageSize"),
        ("unmapped=1", "unmapped"),
        ("unmapped=TRUE", "unmapped"),
        ("fulfillmentStatuses=SHORT", "fulfillmentStatuses[0]"),
        ("fulfillmentStatuses=FULFILLMENT_STATUS_NEW,FULFILLMENT_STATUS_SHORT", "fulfillmentStatuses[0]"),
        ("placedFrom=2026-03-01T09:30:00+03:00", "placedFrom"),
        ("placedFrom.seconds=1", "placedFrom.seconds"),
        ("placedFrom=2026-03-01T09:30:00Z&placedFrom.seconds=1", "placedFrom.seconds"),
        ("query.x=1", "query.x"),
        ("page_size=1&pageSize=1", "pageSize"),
        ("=1", ""),
    ],
)
def test_a_parameter_at_fault_is_named(query: str, field: str) -> None:
    assert set(problems(query)) == {field}


@pytest.mark.parametrize("query", ["query=%ff", "&".join(["pageSize=1"] * 1_000)])
def test_a_query_that_cannot_be_read_is_refused(query: str) -> None:
    with pytest.raises(InvalidRequest):
        listed(query)


def test_inner_fields_are_reached_by_their_path() -> None:
    document = read_query("header.aggregateId=a&header.mayIgnore=true&topic=t", WebhookReceived)

    assert document == {"header": {"aggregateId": "a", "mayIgnore": True}, "topic": "t"}


@pytest.mark.parametrize("query", ["header=x", "headers=x", "headers.a=x", "headers[a]=x"])
def test_what_is_no_single_value_is_refused(query: str) -> None:
    with pytest.raises(InvalidRequest):
        read_query(query, WebhookReceived)
