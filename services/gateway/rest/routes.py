"""Finding the RPC of a path: a tree of segments, a literal before a variable."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import unquote

from gateway.rest.contract import Route
from gateway.rest.templates import Variable


class Found(NamedTuple):
    """The RPCs at a path by HTTP method, and the path's values in the order of its variables."""

    methods: Mapping[str, Route]
    values: tuple[str, ...]


@dataclass(slots=True)
class _Node:
    literals: dict[str, "_Node"] = field(default_factory=dict)
    variable: "_Node | None" = None
    # Verb (empty for none) -> HTTP method -> route.
    routes: dict[str, dict[str, Route]] = field(default_factory=dict)

    def step(self, segment: str | Variable) -> "_Node":
        """The node after a segment of a template, made when it is not there."""
        if isinstance(segment, str):
            return self.literals.setdefault(segment, _Node())
        self.variable = self.variable or _Node()
        return self.variable

    def walk(self, segments: list[str], values: tuple[str, ...] = ()) -> Iterator[tuple["_Node", tuple[str, ...]]]:
        """The nodes that segments of a path lead to, most literal first."""
        if not segments:
            yield self, values
            return
        first, *rest = segments
        if first in self.literals:
            yield from self.literals[first].walk(rest, values)
        if self.variable is not None and first:
            yield from self.variable.walk(rest, (*values, first))


class RouteTable:
    """All routes. Raises ValueError where two RPCs want the same method and path."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._root = _Node()
        self._most_segments = 0
        for route in routes:
            node = self._root
            for segment in route.template.segments:
                node = node.step(segment)
            taken = node.routes.setdefault(route.template.verb, {}).setdefault(route.method, route)
            if taken is not route:
                raise ValueError(f"{route.rpc} and {taken.rpc} want the same {route.method} path")
            self._most_segments = max(self._most_segments, len(route.template.segments))

    def find(self, raw_path: str) -> Found | None:
        """The RPCs at a path as it was sent (`%2F`, `%3A` in values are no separators); None where there are none."""
        if not raw_path.startswith("/") or raw_path.count("/") > self._most_segments:
            return None
        path, colon, verb = raw_path[1:].partition(":")
        if colon and not verb:
            return None
        try:
            segments = [unquote(part, errors="strict") for part in path.split("/")]
        except UnicodeDecodeError:
            return None
        for node, values in self._root.walk(segments):
            if verb in node.routes:
                return Found(node.routes[verb], values)
        return None
