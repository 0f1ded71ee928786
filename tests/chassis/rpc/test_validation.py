"""What is asked obeys the contract's rules, or each field that does not is named."""

from types import SimpleNamespace

import protovalidate
import pytest

from chassis.rpc.validation import _subscript, described, texts_with_nul
from rappit.inventory.v1.reservations_pb2 import ReserveStockRequest
from tests.given.refusals import refused
from tests.given.served_items import Served


async def test_each_field_that_breaks_its_rule_is_named(served: Served) -> None:
    with refused("INVALID_REQUEST") as refusal:
        await served.create_item(sku=" MUG ")

    (violation,) = refusal.error.violations
    assert violation.field == "sku"
    assert "match" in violation.description
    assert served.items.calls == []


def test_a_field_in_a_list_is_named_by_its_place() -> None:
    request = ReserveStockRequest()
    request.lines.add()
    found = [described(violation) for violation in protovalidate.Validator().collect_violations(request)]

    assert ("lines[0].quantity", "must be greater than or equal to 1 and less than or equal to 1000000") in found
    assert {violation.field for violation in found} >= {"demand_id", "lines[0].item_id"}


async def test_a_text_with_nul_is_named_though_no_rule_forbids_it(served: Served) -> None:
    with refused("INVALID_REQUEST") as refusal:
        await served.create_item(barcode="12\0")

    assert refusal.error.violations == (("barcode", "has a NUL character"),)


def test_texts_with_nul_are_found_in_lists_and_in_what_is_in_them() -> None:
    request = ReserveStockRequest(demand_id="0192", version=256)
    request.lines.add(line_id="a", item_id="b")
    request.lines.add(line_id="c", item_id="d\0")

    assert list(texts_with_nul(request)) == ["lines[1].item_id"]


@pytest.mark.parametrize(
    ("value", "shown"), [(0, "[0]"), ("red", '["red"]'), ('a"b\\', r'["a\"b\\"]'), (True, "[true]"), (7, "[7]")]
)
def test_a_value_in_a_map_is_named_by_its_key(value: object, shown: str) -> None:
    assert _subscript(SimpleNamespace(value=value)) == shown
