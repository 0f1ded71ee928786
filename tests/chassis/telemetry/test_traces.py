"""Traces: whose work this is. Ids always; spans where the trace is recorded."""

from collections.abc import Iterator

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from chassis.telemetry import traces

RECORDED = "00-" + "a" * 32 + "-" + "b" * 16 + "-01"
NOT_RECORDED = RECORDED[:-1] + "0"


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    """Where recorded spans go; no trace that begins here is recorded."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    traces.export_to(provider, share=0.0)
    yield exporter
    traces.flush()


def test_outside_of_any_span_there_is_no_trace() -> None:
    assert traces.current() is None
    assert traces.current_traceparent() == ""


def test_inner_work_belongs_to_the_trace_of_the_outer() -> None:
    with traces.span("outer") as outer, traces.span("inner") as inner:
        assert traces.current() is inner
        assert inner.trace_id == outer.trace_id
        assert inner.span_id != outer.span_id
        assert traces.current_traceparent() == f"00-{outer.trace_id}-{inner.span_id}-00"
    assert traces.current() is None


def test_a_message_is_handled_in_the_trace_that_wrote_it() -> None:
    with traces.span("consume", traceparent=NOT_RECORDED) as span:
        assert span.trace_id == "a" * 32


@pytest.mark.parametrize(
    "nonsense", ["", "x", RECORDED + "0", "00-" + "0" * 32 + "-" + "b" * 16 + "-01", RECORDED.upper()]
)
def test_what_is_no_traceparent_begins_a_trace(nonsense: str) -> None:
    assert traces.parse(nonsense) is None
    with traces.span("consume", traceparent=nonsense) as span:
        assert span.trace_id != "a" * 32


def test_a_trace_is_recorded_where_it_was_begun_so(spans: InMemorySpanExporter) -> None:
    with traces.span("own"), traces.span("relay", traceparent=NOT_RECORDED):
        pass
    with (
        traces.span(
            "consume", traceparent=RECORDED, kind=SpanKind.CONSUMER, links=[NOT_RECORDED, "x"], topic="t"
        ) as outer,
        traces.span("sql"),
    ):
        assert traces.current_traceparent().endswith("-01")

    inner, consumed = spans.get_finished_spans()
    assert (inner.name, consumed.name, consumed.kind) == ("sql", "consume", SpanKind.CONSUMER)
    assert inner.parent is not None
    assert f"{inner.parent.span_id:016x}" == outer.span_id
    assert consumed.parent is not None
    assert f"{consumed.parent.span_id:016x}" == "b" * 16
    assert [f"{link.context.span_id:016x}" for link in consumed.links] == ["b" * 16]
    assert consumed.attributes is not None
    assert consumed.attributes["rappit.topic"] == "t"


def test_of_all_traces_the_asked_share_is_recorded(spans: InMemorySpanExporter) -> None:
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(spans))
    traces.export_to(provider, share=0.25)
    for _ in range(2000):
        with traces.span("own"):
            pass

    assert 350 < len(spans.get_finished_spans()) < 650


def test_a_failure_is_marked_by_its_class_alone(spans: InMemorySpanExporter) -> None:
    with pytest.raises(ValueError, match="omar"), traces.span("consume", traceparent=RECORDED):
        raise ValueError("omar@example.com")

    (span,) = spans.get_finished_spans()
    assert span.status.status_code == StatusCode.ERROR
    assert span.attributes == {"error.type": "ValueError"}
    assert "omar" not in span.to_json()


def test_without_an_address_nothing_is_exported() -> None:
    traces.configure("inventory", "", 1.0)
    with traces.span("own") as span:
        assert not span.sampled
