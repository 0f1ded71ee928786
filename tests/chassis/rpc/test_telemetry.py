"""What a call leaves behind: a duration, lines in the caller's trace, and one if somebody was not let in."""

import grpc
import pytest
from prometheus_client import REGISTRY

from chassis.errors import RemoteRefusal
from chassis.rpc.context import Context
from chassis.telemetry import metrics, traces
from chassis.telemetry.logs import get_logger
from tests.given.log_lines import LogLines
from tests.given.refusals import refused
from tests.given.served_items import Served
from tests.given.waiting import until

LIST_ITEMS = "rappit.inventory.v1.ItemService/ListItems"


async def test_the_callers_trace_goes_on(served: Served, log_lines: LogLines) -> None:
    async def note(request: object, context: Context) -> None:
        get_logger().info("listing")

    served.items.does = note
    with traces.span("a test") as outer:
        await served.list_items()

    (call,), (line,) = served.items.calls, log_lines.of("listing")
    assert call.traceparent.split("-")[1] == outer.trace_id == line["trace_id"]
    assert call.traceparent.split("-")[2] == line["span_id"] != outer.span_id
    assert line["rpc"] == LIST_ITEMS
    assert line["organization_id"] == str(served.organization)


@pytest.mark.parametrize("traceparent", ["", "nonsense", "00-" + "0" * 32 + "-" + "b" * 16 + "-01", "x" * 5000])
async def test_a_traceparent_that_is_none_begins_a_new_trace(served: Served, traceparent: str) -> None:
    await served.send(LIST_ITEMS, authorization=f"Bearer {served.token}", traceparent=traceparent)

    parsed = traces.parse(served.items.calls[0].traceparent)
    assert parsed is not None
    assert parsed[0] not in traceparent


async def test_each_call_is_counted_by_its_outcome(served: Served) -> None:
    def count(code: str) -> float:
        labels = {"rpc_method": LIST_ITEMS, "rpc_response_status_code": code}
        return REGISTRY.get_sample_value("rpc_server_call_duration_seconds_count", labels) or 0

    before = {code: count(code) for code in ("OK", "PERMISSION_DENIED")}
    await served.list_items()
    await served.list_items()
    with refused("NOT_PERMITTED"):
        await served.list_items(token=served.mint.internal_token("inventory"))

    assert {code: count(code) - before[code] for code in before} == {"OK": 2, "PERMISSION_DENIED": 1}
    assert REGISTRY.get_sample_value("rpc_server_active_calls") == 0
    assert str(served.organization) not in metrics.exposition()[0].decode()


async def test_who_was_not_let_in_is_in_the_log(served: Served, log_lines: LogLines) -> None:
    with refused("NOT_PERMITTED"):
        await served.list_items(token=served.mint.internal_token("inventory"))

    (line,) = log_lines.of("call refused")
    assert (line["code"], line["rpc"]) == ("PERMISSION_DENIED", LIST_ITEMS)
    assert "items.read" in line["problem"]
    assert line["peer"].startswith("ipv4:127.0.0.1")


async def test_what_a_servicer_aborts_itself_is_counted_as_it_says(served: Served) -> None:
    async def abort(request: object, context: Context) -> None:
        await context.abort(grpc.StatusCode.OUT_OF_RANGE, "no such page")

    labels = {"rpc_method": LIST_ITEMS, "rpc_response_status_code": "OUT_OF_RANGE"}
    served.items.does = abort
    with pytest.raises(RemoteRefusal) as caught:
        await served.list_items()

    assert caught.value.code == grpc.StatusCode.OUT_OF_RANGE
    # An abort is sent at once; the server's own account of it comes after.
    await until(lambda: REGISTRY.get_sample_value("rpc_server_call_duration_seconds_count", labels) == 1)
