"""Path templates of google.api.http: literals, `{field}` for one segment, and a `:verb` at the end."""

import re
from typing import NamedTuple

# `{order_id}` or `{order_id=*}`. What the rules of google.api.http allow besides has no use here and is refused.
_VARIABLE = re.compile(r"\{([a-z][a-z0-9_]*)(?:=\*)?\}")
_LITERAL = re.compile(r"[A-Za-z0-9._~-]+")


class Variable(NamedTuple):
    """A segment whose value goes into this field of the request."""

    field: str


class Template(NamedTuple):
    """`/v1/orders/{order_id}:cancel` is (("v1", "orders", Variable("order_id")), "cancel")."""

    segments: tuple[str | Variable, ...]
    verb: str

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that the path fills, in its order."""
        return tuple(segment.field for segment in self.segments if isinstance(segment, Variable))


def parse_template(text: str) -> Template:
    """Reads a template. Raises ValueError for one that this gateway cannot serve."""
    path, colon, verb = text.partition(":")
    segments = tuple(_segment(part, text) for part in path.removeprefix("/").split("/"))
    if not path.startswith("/") or (colon and not _LITERAL.fullmatch(verb)):
        raise ValueError(f"not a path template that can be served: {text}")
    return Template(segments, verb)


def _segment(part: str, text: str) -> str | Variable:
    variable = _VARIABLE.fullmatch(part)
    if variable:
        return Variable(variable.group(1))
    if not _LITERAL.fullmatch(part):
        raise ValueError(f"not a path template that can be served: {text}")
    return part
