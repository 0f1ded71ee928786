"""Metrics, for Prometheus to fetch. Labels are names and codes of the contract: no organisation, order, person.

Names follow OpenTelemetry's semantic conventions (rpc.server.call.duration, ...) in Prometheus' spelling.
"""

from collections.abc import Callable
from typing import TypeAlias

from prometheus_client import Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

Observe: TypeAlias = Callable[[str, float], None]

_served = Histogram(
    "rpc_server_call_duration_seconds",
    "Time from the first interceptor to the answer",
    ["rpc_method", "rpc_response_status_code"],
    buckets=_SECONDS,
)
_called = Histogram(
    "rpc_client_call_duration_seconds",
    "Time that a call of another service took, with its retries",
    ["rpc_method", "rpc_response_status_code"],
    buckets=_SECONDS,
)
loop_lag = Gauge("event_loop_lag_seconds", "How much later than asked for the event loop last came back")
part_failures = Counter("process_part_failures", "Parts of the process that ended by a failure", ["part"])


class _Level:
    """A number that goes up and down in one thread: adding to a Gauge takes a lock."""

    def __init__(self, name: str, says: str) -> None:
        self._now = 0
        Gauge(name, says).set_function(lambda: self._now)

    def add(self, difference: int) -> None:
        self._now += difference


calls_being_served = _Level("rpc_server_active_calls", "Calls that are being served right now")


def durations_of_served(rpc: str) -> Observe:
    """Where to note (status code, seconds) of the calls of one RPC that this process serves."""
    return _by_code(_served, rpc)


def durations_of_called(rpc: str) -> Observe:
    """Where to note (status code, seconds) of the calls of one RPC that this process makes."""
    return _by_code(_called, rpc)


def exposition() -> tuple[bytes, str]:
    """All metrics as Prometheus reads them, and the type of that text."""
    return generate_latest(), CONTENT_TYPE_LATEST


def _by_code(histogram: Histogram, rpc: str) -> Observe:
    # Finding a labelled child costs as much as observing it.
    children: dict[str, Histogram] = {}

    def observe(code: str, seconds: float) -> None:
        child = children.get(code)
        if child is None:
            child = children[code] = histogram.labels(rpc, code)
        child.observe(seconds)

    return observe
