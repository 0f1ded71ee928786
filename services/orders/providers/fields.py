"""Typed access to a JSON body of a provider. Whatever is wrong with it is one UnreadableBody that names the field."""

import json
import re
from collections.abc import Callable
from datetime import MAXYEAR, UTC, datetime
from decimal import Decimal
from typing import Any, Self

from orders.providers.unreadable_body import UnreadableBody

_AMOUNT = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,12})?")
_MOST_UNITS = 1_000_000_000
# Ids and SKUs stand in indexes, whose rows are limited.
_LONGEST_KEY = 500
_GREATEST_ID = 10**40


class Fields:
    """One object of a body. A field that is missing counts as null."""

    __slots__ = ("_path", "_values")

    def __init__(self, values: dict[str, Any], path: str = "") -> None:
        self._values = values
        self._path = path

    @classmethod
    def of(cls, body: bytes) -> Self:
        """Read a body: UTF-8 and JSON whose top is an object. Numbers with decimals stay exact."""
        try:
            values = json.loads(body.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            # The error's own words repeat parts of the body.
            raise UnreadableBody("", f"is not JSON in UTF-8 ({type(error).__name__})") from None
        if not isinstance(values, dict):
            raise UnreadableBody("", f"is {_shown(values)}, not an object")
        return cls(values)

    def has(self, name: str) -> bool:
        """Whether the field is there and not null."""
        return self._values.get(name) is not None

    def text(self, name: str) -> str:
        """A text as it is given; empty for null. What PostgreSQL cannot store becomes U+FFFD."""
        value = self._values.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise self.wrong(name, f"is {_shown(value)}, not a text")
        return value if value.isascii() and "\0" not in value else _storable(value)

    def is_text(self, name: str, text: str) -> bool:
        """Whether the field is this very text, whatever else it may be."""
        return self._values.get(name) == text

    def flag(self, name: str) -> bool:
        """A truth value; False for null."""
        value = self._values.get(name, False)
        if value is None or isinstance(value, bool):
            return bool(value)
        raise self.wrong(name, f"is {_shown(value)}, not true or false")

    def key(self, name: str) -> str:
        """A text by which something is found."""
        text = self.text(name)
        if len(text) > _LONGEST_KEY:
            raise self.wrong(name, f"is longer than {_LONGEST_KEY} characters")
        return text

    def identifier(self, name: str) -> str:
        """An id as text: a positive whole number of any size, or a text that is not empty."""
        value = self._values.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and 0 < value < _GREATEST_ID:
            return str(value)
        if isinstance(value, str) and value.strip():
            return self.key(name)
        raise self.wrong(name, f"is {_shown(value)}, not an id")

    def identifiers(self, name: str) -> tuple[str, ...]:
        """A list of ids as texts; empty for null."""
        values = self._values.get(name)
        if values is not None and not isinstance(values, list):
            raise self.wrong(name, f"is {_shown(values)}, not a list")
        each = [(f"{name}[{index}]", value) for index, value in enumerate(values or ())]
        return tuple(type(self)({key: value}, self._path).identifier(key) for key, value in each)

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; empty for null."""
        values = self._values.get(name)
        if values is not None and not isinstance(values, list):
            raise self.wrong(name, f"is {_shown(values)}, not a list")
        each = [(f"{name}[{index}]", value) for index, value in enumerate(values or ())]
        return tuple(type(self)({key: value}, self._path).text(key) for key, value in each)

    def quantity(self, name: str) -> int:
        """A count of units: whole, not negative, at most a milliard."""
        value = self._values.get(name)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST_UNITS:
            raise self.wrong(name, f"is {_shown(value)}, not a whole number of units")
        return value

    def magnitude(self, name: str) -> int:
        """A count of units that may be given as a negative number, as refunds are."""
        value = self._values.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return type(self)({name: abs(value)}, self._path).quantity(name)
        return self.quantity(name)

    def positive(self, name: str) -> bool:
        """Whether the field is there and not 0, by which some bodies say that there is none."""
        return self._values.get(name) not in (None, 0, "", "0")

    def time(self, name: str, *, utc: bool = False) -> datetime:
        """A time with its offset, in UTC; with `utc` one without offset is in UTC already."""
        time = _parsed_time(self.text(name), utc=utc)
        if time is None:
            raise self.wrong(name, "is not a time" if utc else "is not a time with its offset from UTC")
        return time

    def amount(self, name: str, convert: Callable[[Decimal], int]) -> int:
        """An amount, given as text or number, as `convert` makes of it; its ValueError is the field's."""
        value = self._values.get(name)
        if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
            raise self.wrong(name, f"is {_shown(value)}, not an amount")
        if not _AMOUNT.fullmatch(text := str(value)):
            raise self.wrong(name, "is not an amount in plain decimals")
        try:
            return convert(Decimal(text))
        except ValueError as error:
            raise self.wrong(name, str(error)) from None

    def child(self, name: str) -> Self | None:
        """An object; None for null."""
        value = self._values.get(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self.wrong(name, f"is {_shown(value)}, not an object")
        return type(self)(value, self.path(name))

    def children(self, name: str) -> list[Self]:
        """A list of objects; empty for null."""
        values = self._values.get(name)
        if values is None:
            return []
        if not isinstance(values, list):
            raise self.wrong(name, f"is {_shown(values)}, not a list")
        for index, value in enumerate(values):
            if not isinstance(value, dict):
                raise self.wrong(f"{name}[{index}]", f"is {_shown(value)}, not an object")
        return [type(self)(value, self.path(f"{name}[{index}]")) for index, value in enumerate(values)]

    def wrong(self, name: str, problem: str) -> UnreadableBody:
        """What to raise for a field of this object."""
        return UnreadableBody(self.path(name), problem)

    def path(self, name: str) -> str:
        """The field's name from the top, for example `line_items[2].sku`."""
        return f"{self._path}.{name}" if self._path else name


def _shown(value: object) -> str:
    """What a value is, never what it says."""
    kinds = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "missing"}
    return kinds.get(type(value), "a number")


def _parsed_time(text: str, *, utc: bool) -> datetime | None:
    try:
        time = datetime.fromisoformat(text)
        if time.tzinfo is None:
            if not utc:
                return None
            time = time.replace(tzinfo=UTC)
        # No order is of the last year that there is, and after its end there is nothing.
        return time.astimezone(UTC) if time.year < MAXYEAR else None
    except (ValueError, OverflowError):
        return None


def _storable(text: str) -> str:
    return text.replace("\0", "\ufffd").encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def _refuse_constant(_name: str) -> None:
    raise ValueError
