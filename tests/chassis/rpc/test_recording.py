"""Recorded calls: spans on both sides, by the instrumentation, and nothing in them that is nobody's business."""

from collections.abc import Iterator

import grpc
import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from chassis.errors import RemoteRefusal
from chassis.rpc.context import Context
from chassis.telemetry import traces
from chassis.telemetry.logs import get_logger
from rappit.identity.v1.tokens_pb2 import GetJsonWebKeySetRequest
from tests.given.log_lines import LogLines
from tests.given.refusals import refused
from tests.given.served_items import Served
from tests.given.waiting import until

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


async def both_sides(spans: InMemorySpanExporter) -> list[ReadableSpan]:
    """The server's span and the client's. What is aborted is sent at once: its server's span may end the last."""
    await until(lambda: len(spans.get_finished_spans()) > 1)
    return sorted(spans.get_finished_spans(), key=lambda span: span.kind.name, reverse=True)


def code_in(span: ReadableSpan) -> object:
    assert span.attributes is not None
    return span.attributes["rpc.grpc.status_code"]


async def test_a_recorded_trace_has_both_sides_of_a_call(served: Served, spans: InMemorySpanExporter) -> None:
    await served.list_items()

    server, client = spans.get_finished_spans()
    assert (server.name, client.name) == (LIST_ITEMS, LIST_ITEMS)
    assert (server.kind.name, client.kind.name) == ("SERVER", "CLIENT")
    assert server.parent is not None
    assert server.parent.span_id == client.context.span_id
    assert server.attributes is not None
    assert server.attributes["rappit.organization_id"] == str(served.organization)
    for span in (server, client):
        assert span.attributes is not None
        standard = {name: value for name, value in span.attributes.items() if name.startswith("rpc.")}
        assert str(standard.pop("rpc.user_agent", "")).startswith("grpc-python-asyncio") or span is client
        assert standard == {
            "rpc.system": "grpc",
            "rpc.service": "rappit.inventory.v1.ItemService",
            "rpc.method": "ListItems",
            "rpc.grpc.status_code": 0,
        }


async def test_a_recorded_call_stays_in_the_trace_it_is_made_in(
    served: Served, spans: InMemorySpanExporter, log_lines: LogLines
) -> None:
    """From outside to inside: the work that calls, the call, its serving, what is called and written there."""

    async def ask_itself(request: object, context: Context) -> None:
        get_logger().info("serving")
        with traces.span("sql"):
            await served.peer.call(served.token_stub.GetJsonWebKeySet, GetJsonWebKeySetRequest())

    served.items.does = ask_itself
    with traces.span("HTTP", organization_id="0192"):
        await served.create_item()

    inner_server, inner_client, sql, server, client, http = spans.get_finished_spans()
    chain = [http, client, server, sql, inner_client, inner_server]
    assert [span.parent.span_id if span.parent else None for span in chain] == [
        None,
        *(span.context.span_id for span in chain[:-1]),
    ]
    assert {span.context.trace_id for span in chain} == {http.context.trace_id}
    (call,), (line,) = served.items.calls, log_lines.of("serving")
    assert call.traceparent == f"00-{http.context.trace_id:032x}-{server.context.span_id:016x}-01"
    assert (line["trace_id"], line["span_id"]) == tuple(call.traceparent.split("-")[1:3])
    assert client.attributes is not None
    assert client.attributes["rappit.organization_id"] == "0192"
    assert traces.current() is None
    assert trace.get_current_span() is trace.INVALID_SPAN


async def test_a_span_of_a_fault_says_so_without_its_text(
    served: Served, spans: InMemorySpanExporter, log_lines: LogLines
) -> None:
    async def fail(request: object, context: Context) -> None:
        raise ValueError("row 17 is broken")

    served.items.does = fail
    with refused("INTERNAL_FAULT"):
        await served.list_items()

    server, client = await both_sides(spans)
    (line,) = log_lines.of("internal fault")
    assert server.status.status_code == client.status.status_code == StatusCode.ERROR
    assert "its id finds it in the logs" in str(server.status.description)
    assert server.attributes is not None
    assert server.attributes["error.type"] == "INTERNAL"
    assert line["span_id"] == f"{server.context.span_id:016x}"
    assert {code_in(server), code_in(client)} == {grpc.StatusCode.INTERNAL.value[0]}
    assert "broken" not in server.to_json() + client.to_json()
    assert not server.events


async def test_a_refusal_is_the_callers_error_and_not_the_servers(served: Served, spans: InMemorySpanExporter) -> None:
    with refused("NOT_PERMITTED"):
        await served.list_items(token=served.mint.internal_token("inventory"))

    server, client = await both_sides(spans)
    assert (server.status.status_code, client.status.status_code) == (StatusCode.UNSET, StatusCode.ERROR)
    assert {code_in(server), code_in(client)} == {grpc.StatusCode.PERMISSION_DENIED.value[0]}


async def test_what_a_servicer_aborts_in_an_error_says_nothing_of_that_error(
    served: Served, spans: InMemorySpanExporter
) -> None:
    async def abort(request: object, context: Context) -> None:
        try:
            raise ValueError("row 17 is broken")
        except ValueError:
            await context.abort(grpc.StatusCode.DATA_LOSS, "the page is gone")

    served.items.does = abort
    with pytest.raises(RemoteRefusal):
        await served.list_items()

    server, client = await both_sides(spans)
    assert server.status.status_code == client.status.status_code == StatusCode.ERROR
    assert {code_in(server), code_in(client)} == {grpc.StatusCode.DATA_LOSS.value[0]}
    assert "the page is gone" in str(server.status.description)
    assert "broken" not in server.to_json() + client.to_json()


async def test_a_fault_of_the_instrumentation_is_a_fault_like_any_other(
    served: Served, spans: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch, log_lines: LogLines
) -> None:
    def fail(*args: object, **more: object) -> None:
        raise ValueError("no attributes today")

    monkeypatch.setattr("opentelemetry.instrumentation.grpc._server.OpenTelemetryServerInterceptor._start_span", fail)
    with refused("INTERNAL_FAULT"):
        await served.list_items()

    assert len(log_lines.of("internal fault")) == 1


async def test_a_call_that_is_not_recorded_never_meets_the_instrumentation(
    served: Served, spans: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*args: object) -> None:
        raise AssertionError("asked for")

    monkeypatch.setattr("chassis.rpc.recording._server_interceptor", never)
    monkeypatch.setattr("chassis.rpc.recording._client_interceptor", never)
    with traces.span("a test", traceparent="00-" + "a" * 32 + "-" + "b" * 16 + "-00"):
        await served.list_items()

    assert len(served.items.calls) == 1


async def test_the_draw_for_a_new_trace_is_made_once(served: Served, spans: InMemorySpanExporter) -> None:
    """Neither side draws again: then a trace would begin in the middle of a call."""
    traces.export_to(traces.exporting(), share=0.5)
    for _ in range(40):
        await served.list_items()

    finished = spans.get_finished_spans()
    assert 0 < len(finished) < 80
    kinds = [span.kind.name for span in finished]
    assert kinds == ["SERVER", "CLIENT"] * (len(kinds) // 2)
    spans.clear()
    for _ in range(40):
        await served.send(LIST_ITEMS, authorization=f"Bearer {served.token}")

    makers = [span.instrumentation_scope.name for span in spans.get_finished_spans() if span.instrumentation_scope]
    assert 0 < len(makers) < 40
    assert set(makers) == {"opentelemetry.instrumentation.grpc"}


async def test_whether_a_trace_is_recorded_is_decided_where_it_begins(
    served: Served, spans: InMemorySpanExporter
) -> None:
    ids = "a" * 32 + "-" + "b" * 16
    for flags in ("00", "01"):
        await served.send(LIST_ITEMS, authorization=f"Bearer {served.token}", traceparent=f"00-{ids}-{flags}")

    assert len(served.items.calls) == 2
    assert {call.traceparent[-2:] for call in served.items.calls} == {"00", "01"}
    assert len(spans.get_finished_spans()) == 1
