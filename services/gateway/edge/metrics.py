"""Metrics of the HTTP edge, in the names of OpenTelemetry's semantic conventions."""

from functools import lru_cache

from prometheus_client import Gauge, Histogram

from gateway.edge.access_log import method_shown

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

_durations = Histogram(
    "http_server_request_duration_seconds",
    "Time from the headers of a request to its answer",
    ["http_route", "http_request_method", "http_response_status_code"],
    buckets=_SECONDS,
)
requests_under_way = Gauge("http_server_active_requests", "Requests that are being answered right now")


def observe(route: str, method: str, status: int, seconds: float) -> None:
    """Note a request that was answered."""
    _child(route, method_shown(method), status).observe(seconds)


@lru_cache(maxsize=4096)
def _child(route: str, method: str, status: int) -> Histogram:
    # Finding a labelled child costs as much as observing it. Routes are templates, so there are not many.
    return _durations.labels(route, method, str(status))
