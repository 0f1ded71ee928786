"""Events of the processes' JSON logs, put into the words of an operator. Pure."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

Event = Mapping[str, Any]


def in_words(event: Event) -> str | None:
    """One line for a person, or None for what concerns only the log."""
    line = LINES.get(str(event.get("event", "")))
    return None if line is None else line(event)


def _decided(event: Event) -> str:
    state = "RESERVED" if event["event"] == "order reserved" else "SHORT"
    lines = "1 line" if event["lines"] == 1 else f"{event['lines']} lines"
    milliseconds = f" in {event['milliseconds']} ms" if event.get("milliseconds") is not None else ""
    total = f"{event['currency']} {Decimal(event['total']):,}"
    return f"{event['store']} {event['order']} {lines} {total} {state}{milliseconds}"


def _sent(event: Event) -> str | None:
    """Only what a store does not do every day, and what nobody took."""
    status = event["status"]
    became = f"answered {status}" if isinstance(status, int) else str(status)
    if event.get("fault") == "forged":
        return f"somebody forged {event['order']} of {event['shop']}: {became}"
    if event.get("fault"):
        what = {"repeat": "once more", "older copy": "as it was before", "delayed": "late"}
        return f"{event['shop']} sent {event['order']} {what.get(event['fault'], event['fault'])}: {became}"
    taken = isinstance(status, int) and status < 300
    return None if taken else f"{event['shop']} sent {event['order']}: {became}"


LINES: dict[str, Callable[[Event], str | None]] = {
    "process ended": lambda event: f"{event['service']} {event['how']}, starts again in {event['pause_seconds']:g} s",
    "process did not start": lambda event: f"{event['service']} did not start: {event['error']}",
    "process started again": lambda event: f"{event['service']} runs again",
    "order reserved": _decided,
    "order short": _decided,
    "older snapshot ignored": lambda event: f"older copy of {event['order']} ignored",
    "order cancelled": lambda event: f"{event['store']} {event['order']} cancelled, its stock given back",
    "signature refused": lambda _: "forged signature refused, nothing stored",
    "delivery sent": _sent,
    "goods received": lambda event: (
        f"{event['organization']} received {event['units']} of {event['sku']} in {event['warehouse']}"
    ),
    "goods wait": lambda event: f"goods of {event['organization']} wait, for nobody answers: {event['error']}",
    "delivery given up": lambda event: f"{event['shop']} gave up sending {event['order']}: nobody took it",
    "message parked": lambda event: (
        f"{event['service']}: a message was parked after its tries, id {event.get('id', '?')}"
    ),
    "relay blocked": lambda event: (
        f"{event['service']}: the broker does not take an event yet, id {event.get('id', '?')}"
    ),
}
