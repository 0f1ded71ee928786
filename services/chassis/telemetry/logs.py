"""Logs: one JSON object per line on stdout.

`log = get_logger()`, then `log.info("store connected", store_id=id)`: the event in words that do not vary, its facts as
fields. Service, level, time (ISO 8601, UTC), trace and span id, and the current span's facts (organisation, RPC) are
added; what `redaction` knows for a secret is hidden. What libraries log by `logging` comes out in the same form, from
warnings up.
"""

import logging
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, TextIO, cast

import structlog
from structlog.typing import FilteringBoundLogger, Processor

from chassis.telemetry import traces
from chassis.telemetry.redaction import Redaction

_redaction = Redaction()
conceal = _redaction.conceal


def get_logger() -> FilteringBoundLogger:
    """The log. Cheap; what is bound to it with `bind` stands in each of its lines."""
    return cast("FilteringBoundLogger", structlog.get_logger())


def configure(service: str, *, level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send the logs of this process to stdout (or `stream`), from this level up."""
    out = stream or sys.stdout

    def add_service(_logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        line["service"] = service
        return line

    enrich: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        add_service,
        _add_trace,
        structlog.processors.format_exc_info,
    ]
    write: list[Processor] = [_redaction, structlog.processors.JSONRenderer(ensure_ascii=False, default=str)]
    structlog.configure(
        processors=[*enrich, *write],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, structlog.stdlib.ExtraAdder(), *enrich],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *write],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)


def _add_trace(_logger: object, _method: str, line: MutableMapping[str, Any]) -> Mapping[str, Any]:
    span = traces.current()
    if span is None:
        return line
    return {**span.facts, **line, "trace_id": span.trace_id, "span_id": span.span_id}
