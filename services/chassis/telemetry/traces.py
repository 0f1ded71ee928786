"""Traces: whose work this is, over all processes. Ids always, so that logs can be joined; spans where they are wanted.

Whether a trace is recorded is decided once, where it begins, and travels in the traceparent: for all others a span is
two ids and a context variable. The SDK is not even loaded unless `configure` is given an address to export to.
Spans of recorded RPCs are made by OpenTelemetry's instrumentation (rpc/recording.py), all others here.
"""

import random
import re
from collections.abc import Mapping, Sequence
from contextvars import ContextVar, Token
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeAlias

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Link, SpanKind, Status, StatusCode

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

# Trace id, span id, and whether the trace is recorded.
Ids: TypeAlias = tuple[str, str, bool]

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

    __slots__ = ("_is_ended_elsewhere", "_recording", "_token", "facts", "sampled", "span_id", "trace_id")

    def __init__(
        self,
        name: str,
        parent: Ids | None,
        facts: dict[str, object],
        kind: SpanKind = SpanKind.INTERNAL,
        links: Sequence[str] = (),
        *,
        sampled: bool | None = None,
        recording: trace.Span | None = None,
    ) -> None:
        """sampled: what `is_sampled` said, where it was asked before.

        recording: stand for this one, which whoever made it also ends and gives its status.
        """
        self.facts = facts
        self._is_ended_elsewhere = recording is not None
        self._recording = recording
        self._token: Token[Span | None] | None = None
        if recording is not None:
            self._take_ids(recording)
            return
        ids = f"{_random.getrandbits(192):048x}"
        self.trace_id = parent[0] if parent else ids[:32]
        self.span_id = ids[32:]
        self.sampled = is_sampled(parent) if sampled is None else sampled
        if self.sampled and _export.tracer is not None:
            self._record(_export.tracer, name, parent, kind, links)

    def _record(
        self,
        tracer: trace.Tracer,
        name: str,
        parent: Ids | None,
        kind: SpanKind,
        links: Sequence[str],
    ) -> None:
        linked = [Link(_context(*ids)) for ids in map(parse, links) if ids]
        self._recording = tracer.start_span(name, around(parent), kind, links=linked)
        self._take_ids(self._recording)

    def _take_ids(self, recording: trace.Span) -> None:
        own = recording.get_span_context()
        self.trace_id, self.span_id = trace.format_trace_id(own.trace_id), trace.format_span_id(own.span_id)
        self.sampled = own.trace_flags.sampled

    @property
    def ids(self) -> Ids:
        """What an inner span is given as its parent."""
        return self.trace_id, self.span_id, self.sampled

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
        if self._is_ended_elsewhere:
            return
        if error:
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
        parent = parent or outer.ids
        facts = {**outer.facts, **facts}
    return Span(name, parent, facts, kind, links)


def current() -> Span | None:
    """The span that the running code is in."""
    return _current.get()


def current_traceparent() -> str:
    """The trace context to store with an event or to send along; empty outside of any span."""
    inside = _current.get()
    return inside.traceparent if inside else ""


def is_sampled(parent: Ids | None) -> bool:
    """Whether the trace of a span inside `parent` is recorded. Ask once: for a trace that begins here it is drawn."""
    return parent[2] if parent else _export.share > 0 and _random.random() < _export.share


def exporting() -> "TracerProvider | None":
    """Where spans of sampled traces are recorded, if anywhere."""
    return _export.provider


def around(parent: Ids | None) -> Context | None:
    """OpenTelemetry's own context in which spans are inside `parent`."""
    return trace.set_span_in_context(trace.NonRecordingSpan(_context(*parent)), Context()) if parent else None


def parse(traceparent: str) -> Ids | None:
    """None for what is no traceparent."""
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
