import json
from typing import Any

import pytest
from google.protobuf.struct_pb2 import Struct

from chassis.errors import InvalidRequest
from gateway.rest.documents import parse_document, read_message, write_message
from rappit.gateway.v1.events_pb2 import WebhookReceived
from rappit.inventory.v1.level_pb2 import Level
from rappit.inventory.v1.reservations_pb2 import ReserveStockRequest
from rappit.inventory.v1.stock_pb2 import ListLevelsResponse
from rappit.inventory.v1.warehouses_pb2 import CreateWarehouseRequest
from rappit.orders.v1.order_pb2 import Order
from rappit.orders.v1.orders_pb2 import CancelOrderRequest, ListOrdersRequest

ID = "0192f3a4-0000-7000-8000-000000000001"


def problems(document: dict[str, Any], kind: Any) -> dict[str, str]:
    with pytest.raises(InvalidRequest) as refused:
        read_message(document, kind)
    return dict(refused.value.violations)


def test_each_fault_is_named_with_its_place() -> None:
    document = {
        "demandId": 7,
        "version": "1_000",
        "lines": [{"lineId": "1", "itemId": ID, "quantity": "3"}, {"lineId": "2", "colour": "red", "quantity": 1.5}],
    }

    assert problems(document, ReserveStockRequest) == {
        "demandId": "is not a text",
        "version": "is not a whole number",
        "lines[1].colour": "is not a field of this request",
        "lines[1].quantity": "is not a whole number",
    }


@pytest.mark.parametrize(
    "value", ["12abc", "1e3", "-0", "٣", "", " 1", "1 ", "+1", "0x10", "01", 1.0, True, [], {}, "9" * 400]
)
def test_what_is_no_whole_number_is_refused(value: object) -> None:
    assert set(problems({"version": value}, ReserveStockRequest)) == {"version"}


@pytest.mark.parametrize("value", [9007199254740993, "9007199254740993", 9223372036854775807, "-9223372036854775808"])
def test_64_bit_numbers_keep_every_digit_as_text_or_number(value: int | str) -> None:
    """Trap 17."""
    assert read_message({"version": value}, ReserveStockRequest).version == int(value)


@pytest.mark.parametrize("value", ["9223372036854775808", -(2**63) - 1])
def test_a_number_that_its_field_cannot_hold_is_refused(value: int | str) -> None:
    assert problems({"version": value}, ReserveStockRequest) == {
        "version": f"is not between {-(2**63)} and {2**63 - 1}"
    }
    assert "priority" in problems({"priority": 2**31}, CreateWarehouseRequest)


def test_other_kinds_of_values_are_held_to_their_kind() -> None:
    document = {
        "fulfillmentStatuses": ["FULFILLMENT_STATUS_SHORT", "LOST", 99, True],
        "unmapped": "true",
        "placedFrom": "yesterday",
        "placedBefore": 5,
        "query": "\ud800",
    }

    found = problems(document, ListOrdersRequest)
    assert set(found) == {
        "fulfillmentStatuses[1]",
        "fulfillmentStatuses[2]",
        "fulfillmentStatuses[3]",
        "unmapped",
        "placedFrom",
        "placedBefore",
        "query",
    }
    assert "FULFILLMENT_STATUS_SHORT" in found["fulfillmentStatuses[1]"]
    assert "2026-03-01T09:30:00Z" in found["placedFrom"]
    assert set(problems({"body": "%%%"}, WebhookReceived)) == {"body"}
    assert set(problems({"headers": {"a": 1}, "header": []}, WebhookReceived)) == {'headers["a"]', "header"}


def test_lists_and_objects_are_what_they_should_be() -> None:
    assert problems({"lines": {}}, ReserveStockRequest) == {"lines": "is not a list"}
    assert problems({"lines": [[]]}, ReserveStockRequest) == {"lines[0]": "is not a JSON object"}
    assert problems({"lines": [None]}, ReserveStockRequest) == {"lines[0]": "is null"}


def test_a_null_field_is_as_if_it_were_not_there() -> None:
    assert read_message({"note": None, "orderId": ID}, CancelOrderRequest) == CancelOrderRequest(order_id=ID)


def test_names_may_be_spelled_as_in_the_contract_but_not_both_ways() -> None:
    assert read_message({"order_id": ID}, CancelOrderRequest).order_id == ID
    assert problems({"orderId": ID, "order_id": ID}, CancelOrderRequest) == {
        "order_id": "comes twice, in two spellings"
    }


@pytest.mark.parametrize(
    "body",
    [b"{", b"[]", b"7", b"null", b"\xff\xfe", b'{"a":1,"a":2}', b'{"a":{"b":1,"b":2}}', b'{"a":NaN}', b'{"a":Infinity}',
     b'{"a":' + b"[" * 200_000, b'{"a":' + b"1" * 5_000 + b"}", b"\xef\xbb\xbf{}"],
    ids=lambda body: body[:20].decode("latin-1"),
)  # fmt: skip
def test_a_body_that_is_no_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidRequest):
        parse_document(body)


def test_an_empty_body_is_an_empty_object() -> None:
    assert parse_document(b"") == parse_document(b" \n") == parse_document(b"{}") == {}


def test_a_document_without_end_is_refused() -> None:
    document: dict[str, Any] = {}
    inner = document
    for _ in range(500):
        inner["a"] = {}
        inner = inner["a"]

    with pytest.raises(InvalidRequest):
        read_message(document, Struct)


def test_an_answer_has_all_its_fields_64_bit_numbers_as_text_and_people_by_name() -> None:
    """Trap 17."""
    level = json.loads(write_message(Level(item_id=ID, on_hand=9007199254740993)))
    assert (level["onHand"], level["reserved"], level["sku"]) == ("9007199254740993", "0", "")
    assert list(level) == [field.camelcase_name for field in Level.DESCRIPTOR.fields if field.name != "update_time"]
    assert json.loads(write_message(ListLevelsResponse())) == {"levels": [], "nextPageToken": ""}
    assert "قهوة" in write_message(Order(name="قهوة")).decode()
    assert "customer" not in json.loads(write_message(Order()))
