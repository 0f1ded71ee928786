"""Logs: one JSON object per line that says who wrote it, when, and for whom."""

import json
import logging
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from chassis.telemetry import logs, traces
from chassis.telemetry.logs import get_logger
from tests.given.log_lines import LogLines


def test_a_line_says_what_who_and_when(log_lines: LogLines) -> None:
    get_logger().info("store connected", store_id=7)

    (line,) = log_lines.of("store connected")
    assert (line["level"], line["service"], line["store_id"]) == ("info", "inventory", 7)
    when = datetime.fromisoformat(line["time"])
    assert when.tzinfo is not None
    assert abs((datetime.now(UTC) - when).total_seconds()) < 60


def test_a_line_says_for_whom_and_in_which_trace(log_lines: LogLines) -> None:
    organization = uuid4()
    with traces.span("outer", organization_id=organization) as outer:
        with traces.span("inner", consumer="orders"):
            get_logger().info("inside")
        get_logger().info("outside")

    (inside,), (outside,) = log_lines.of("inside"), log_lines.of("outside")
    assert inside["organization_id"] == outside["organization_id"] == str(organization)
    assert inside["trace_id"] == outside["trace_id"] == outer.trace_id
    assert inside["span_id"] != outside["span_id"] == outer.span_id
    assert inside["consumer"] == "orders"
    assert "consumer" not in outside


def test_libraries_write_in_the_same_form(log_lines: LogLines) -> None:
    logging.getLogger("aiokafka.conn").info("noise")
    logging.getLogger("aiokafka.conn").warning("lost %s, password=%s", "the broker", "hunter22222")

    (line,) = [json.loads(text) for text in log_lines.text.splitlines()]
    assert (line["event"], line["logger"]) == ("lost the broker, password=[hidden]", "aiokafka.conn")
    assert (line["level"], line["service"]) == ("warning", "inventory")


def test_lines_below_the_level_are_not_written(log_lines: LogLines) -> None:
    logs.configure("inventory", level="WARNING", stream=log_lines.stream)
    get_logger().info("quiet")
    get_logger().warning("loud")

    assert not log_lines.of("quiet")
    assert log_lines.of("loud")


@pytest.mark.parametrize("value", [object(), {1: {2, 3}}, "ك\nb", float("nan")])
def test_any_value_is_one_line(log_lines: LogLines, value: object) -> None:
    get_logger().info("one", value=value)

    assert log_lines.text.count("\n") == 1
    assert log_lines.of("one")
