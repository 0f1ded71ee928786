"""Events of the processes' JSON logs, put into the words of an operator. Pure."""

from collections.abc import Callable, Mapping
from typing import Any

Event = Mapping[str, Any]

MINOR_DIGITS = {"BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3, "JPY": 0, "KRW": 0, "VND": 0}


def in_words(event: Event) -> str | None:
    """One line for a person, or None for what concerns only the log."""
    line = LINES.get(str(event.get("event", "")))
    return None if line is None else line(event)


def _decided(event: Event) -> str:
    state = "RESERVED" if event["event"] == "order reserved" else "SHORT"
    lines = "1 line" if event["lines"] == 1 else f"{event['lines']} lines"
    milliseconds = f" in {event['milliseconds']} ms" if event.get("milliseconds") is not None else ""
    return f"{event['store']} {event['order']} {lines} {_money(event)} {state}{milliseconds}"


def _money(event: Event) -> str:
    currency = str(event["currency"])
    digits = MINOR_DIGITS.get(currency, 2)
    return f"{currency} {int(event['total_minor_units']) / 10**digits:,.{digits}f}"


def _sent(event: Event) -> str | None:
    if not event.get("fault"):
        return None
    return f"{event['shop']} sent {event['order']} again: {event['fault']}, answered {event['status']}"


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
    "message parked": lambda event: (
        f"{event['service']}: a message was parked after its tries, id {event.get('id', '?')}"
    ),
    "relay blocked": lambda event: (
        f"{event['service']}: the broker does not take an event yet, id {event.get('id', '?')}"
    ),
}
