"""What a call leaves behind: a span in the caller's trace, a duration, and a line if somebody was not let in."""

from collections.abc import Iterator

import grpc
import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode
from prometheus_client import REGISTRY

from chassis.errors import RemoteRefusal
from chassis.rpc.context import Context
from chassis.telemetry import metrics, traces
from chassis.telemetry.logs import get_logger
from tests.given.log_lines import LogLines
from tests.given.refusals import refused
from tests.given.served_items import Served

LIST_ITEMS = "rappit.inventory.v1.ItemService/ListItems"


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    """The spans that are recorded: all, but only where the trace begins here."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    traces.export_to(provider, share=1.0)
    yield exporter
    traces.flush()


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


async def test_a_recorded_trace_has_both_sides_of_a_call(served: Served, spans: InMemorySpanExporter) -> None:
    await served.list_items()

    server, client = spans.get_finished_spans()
    assert (server.name, client.name) == (LIST_ITEMS, LIST_ITEMS)
    assert (server.kind.name, client.kind.name) == ("SERVER", "CLIENT")
    assert server.parent is not None
    assert server.parent.span_id == client.context.span_id
    assert server.attributes is not None
    assert server.attributes["rpc.response.status_code"] == "OK"
    assert server.attributes["rappit.organization_id"] == str(served.organization)


async def test_a_span_of_a_fault_says_so_without_its_text(
    served: Served, spans: InMemorySpanExporter, log_lines: LogLines
) -> None:
    async def fail(request: object, context: Context) -> None:
        raise ValueError("row 17 is broken")

    served.items.does = fail
    with refused("INTERNAL_FAULT"):
        await served.list_items()

    server, client = spans.get_finished_spans()
    assert server.status.status_code == client.status.status_code == StatusCode.ERROR
    assert "broken" not in server.to_json() + client.to_json()


async def test_whether_a_trace_is_recorded_is_decided_where_it_begins(
    served: Served, spans: InMemorySpanExporter
) -> None:
    ids = "a" * 32 + "-" + "b" * 16
    for flags in ("00", "01"):
        await served.send(LIST_ITEMS, authorization=f"Bearer {served.token}", traceparent=f"00-{ids}-{flags}")

    assert len(served.items.calls) == 2
    assert {call.traceparent[-2:] for call in served.items.calls} == {"00", "01"}
    assert len(spans.get_finished_spans()) == 1


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
    assert REGISTRY.get_sample_value("rpc_server_call_duration_seconds_count", labels) == 1
