"""Traces: whose work this is, over all processes. Ids always, so that logs can be joined; spans where they are wanted.

Whether a trace is recorded is decided once, where it begins, and travels in the traceparent: for all others a span is
two ids and a context variable. The SDK is not even loaded unless `configure` is given an address to export to.
"""

import random
import re
from collections.abc import Mapping, Sequence
from contextvars import ContextVar, Token
from types import TracebackType
from typing import TYPE_CHECKING, Self

from opentelemetry import trace
from opentelemetry.trace import Link, SpanKind, Status, StatusCode

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

_TRACEPARENT = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})")
_SAMPLED = 1
# Ids are no secrets, and drawing them from the system would be a system call for each span.
_random = random.Random()  # noqa: S311
_FLUSH_MILLISECONDS = 3000


class _Export:
    """Where recorded spans go, if anywhere, and the share of new traces that is recorded."""

    def __init__(self) -> None:
        self.provider: TracerProvider | None = None
        self.tracer: trace.Tracer | None = None
        self.share = 0.0


_export = _Export()
_current: ContextVar["Span | None"] = ContextVar("span", default=None)


class Span:
    """A piece of work. `with traces.span("relay"): ...` makes it current; an exception marks it as failed.

    facts: what every log line inside shall say (`organization_id`, `rpc`); inner spans have them too.
    """

    __slots__ = ("_recording", "_token", "facts", "sampled", "span_id", "trace_id")

    def __init__(
        self,
        name: str,
        parent: tuple[str, str, bool] | None,
        facts: dict[str, object],
        kind: SpanKind = SpanKind.INTERNAL,
        links: Sequence[str] = (),
    ) -> None:
        self.facts = facts
        self._recording: trace.Span | None = None
        self._token: Token[Span | None] | None = None
        ids = f"{_random.getrandbits(192):048x}"
        if parent is None:
            self.trace_id = ids[:32]
            self.sampled = _export.share > 0 and _random.random() < _export.share
        else:
            self.trace_id, _, self.sampled = parent
        self.span_id = ids[32:]
        if self.sampled and _export.tracer is not None:
            self._record(_export.tracer, name, parent, kind, links)

    def _record(
        self,
        tracer: trace.Tracer,
        name: str,
        parent: tuple[str, str, bool] | None,
        kind: SpanKind,
        links: Sequence[str],
    ) -> None:
        around = trace.set_span_in_context(trace.NonRecordingSpan(_context(*parent))) if parent else None
        linked = [Link(_context(*ids)) for ids in map(parse, links) if ids]
        self._recording = tracer.start_span(name, around, kind, links=linked)
        own = self._recording.get_span_context()
        self.trace_id, self.span_id = trace.format_trace_id(own.trace_id), trace.format_span_id(own.span_id)

    @property
    def traceparent(self) -> str:
        """The W3C trace context to send along."""
        return f"00-{self.trace_id}-{self.span_id}-0{_SAMPLED if self.sampled else 0}"

    def note(self, attributes: Mapping[str, str | int]) -> None:
        """Add attributes to the span if it is recorded."""
        if self._recording is not None:
            self._recording.set_attributes(attributes)

    def make_current(self) -> None:
        """Make it the current span of this task for good; `end` is still to be called."""
        _current.set(self)

    def end(self, error: str = "") -> None:
        """The work is over. `error` is a reason or the name of an exception's class, never its text."""
        if self._recording is None:
            return
        self._recording.set_attributes({f"rappit.{name}": str(value) for name, value in self.facts.items()})
        if error:
            self._recording.set_attribute("error.type", error)
            self._recording.set_status(Status(StatusCode.ERROR, error))
        self._recording.end()

    def __enter__(self) -> Self:
        self._token = _current.set(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._token is not None:
            _current.reset(self._token)
        self.end(kind.__name__ if kind else "")


def span(
    name: str,
    *,
    traceparent: str = "",
    kind: SpanKind = SpanKind.INTERNAL,
    links: Sequence[str] = (),
    **facts: object,
) -> Span:
    """A span inside `traceparent` if one is given (a message's, a caller's), else in the current one, else on its own.

    links: traceparents of other works that led to it, such as the messages of a batch.
    """
    outer = _current.get()
    parent = parse(traceparent)
    if outer is not None:
        parent = parent or (outer.trace_id, outer.span_id, outer.sampled)
        facts = {**outer.facts, **facts}
    return Span(name, parent, facts, kind, links)


def current() -> Span | None:
    """The span that the running code is in."""
    return _current.get()


def current_traceparent() -> str:
    """The trace context to store with an event or to send along; empty outside of any span."""
    inside = _current.get()
    return inside.traceparent if inside else ""


def parse(traceparent: str) -> tuple[str, str, bool] | None:
    """Trace id, span id and whether it is recorded; None for what is no traceparent."""
    found = _TRACEPARENT.fullmatch(traceparent) if traceparent else None
    return (found[1], found[2], bool(int(found[3], 16) & _SAMPLED)) if found else None


def configure(service: str, endpoint: str, share: float) -> None:
    """Export spans by OTLP over gRPC to "host:port" or a URL, recording this share of the traces that begin here."""
    if not endpoint:
        return
    # They take a quarter of a second to load, which a process that exports nothing does not spend.
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    exporter = OTLPSpanExporter(endpoint=endpoint, insecure=not endpoint.startswith("https://"), timeout=3)
    provider = TracerProvider(resource=Resource.create({"service.name": service}), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    export_to(provider, share)


def export_to(provider: "TracerProvider | None", share: float) -> None:
    """Record into this provider; None records nothing."""
    _export.provider = provider
    _export.tracer = provider.get_tracer("rappit") if provider else None
    _export.share = share if provider else 0.0


def flush() -> None:
    """Send what is left and stop exporting. It may take seconds when the collector is away: call it in a thread."""
    provider = _export.provider
    export_to(None, 0.0)
    if provider is not None:
        provider.force_flush(_FLUSH_MILLISECONDS)
        provider.shutdown()


def _context(trace_id: str, span_id: str, sampled: bool) -> trace.SpanContext:
    flags = trace.TraceFlags(trace.TraceFlags.SAMPLED if sampled else trace.TraceFlags.DEFAULT)
    return trace.SpanContext(int(trace_id, 16), int(span_id, 16), is_remote=True, trace_flags=flags)
