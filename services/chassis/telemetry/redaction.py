"""What never appears in a log: secrets, and what is about people. Applied to every line before it is written.

Three nets: the name of a field, the look of a value (a token, a URL's password, a key), and the values of this
process's own secrets, wherever they stand. Messages of the contract are named and measured, not shown: their
`debug_redact` fields and the people in them stay inside.
"""

import re
from collections.abc import Mapping
from typing import Any

from google.protobuf.message import Message

HIDDEN = "[hidden]"
LONGEST_TEXT = 10_000
_DEEPEST = 6
_SHORTEST_CONCEALED = 6

_SECRET_NAMES = re.compile(
    r"passw|passphrase|secret|token|authorization|cookie|credential|private_?key|master_?key|api_?key|service_?key"
    r"|signature|hmac|dsn|database_url|body|payload",
    re.IGNORECASE,
)
_PEOPLE_NAMES = frozenset(
    {"email", "phone", "display_name", "full_name", "first_name", "last_name", "customer_name", "consignee", "note"}
)

# Order matters: a URL's password is cut out before its rest can look like an e-mail address.
_LOOKS = [
    # A row's values in PostgreSQL's messages, up to the next exception of a traceback.
    (re.compile(r"\b(DETAIL|CONTEXT|QUERY):\s.*?(?=\n\n(?:During|The above)|\Z)", re.DOTALL), r"\1: " + HIDDEN),
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL), HIDDEN),
    (re.compile(r"\beyJ[\w-]{4,}\.[\w-]+(?:\.[\w-]*)?"), HIDDEN),
    (re.compile(r"\b(Bearer|Basic)\s+[^\s'\",]+", re.IGNORECASE), r"\1 " + HIDDEN),
    (re.compile(r"://([^:/@\s]*):[^/\s]+@"), r"://\1:" + HIDDEN + "@"),
    (
        re.compile(
            r"\b((?:\w*(?:password|passwd|secret|token|signature|hmac)|api_?key|private_?key)[\"']?\s*[=:]\s*)"
            r"(\"[^\"]*\"|'[^']*'|[^\s\"',;&)}\]]+)",
            re.IGNORECASE,
        ),
        r"\1" + HIDDEN,
    ),
    (re.compile(r"input_value=.{0,500}?, input_type=", re.DOTALL), f"input_value={HIDDEN}, input_type="),
    (re.compile(r"\$argon2\w*\$[^\s'\"]+"), HIDDEN),
    (re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+"), "[e-mail]"),
]

# Without any of these a text has none of those looks: most lines cost this one search.
_SUSPICIOUS = re.compile(
    r"@|eyJ|DETAIL|CONTEXT|QUERY|PRIVATE|bearer|basic|passw|secret|token|signature|hmac|api_?key|private_?key"
    r"|input_value|argon2",
    re.IGNORECASE,
)


class Redaction:
    """Hides in a log line what must not be read there; `conceal` teaches it one more secret."""

    def __init__(self) -> None:
        self._concealed: set[str] = set()
        self._pattern: re.Pattern[str] | None = None

    def conceal(self, *secrets: str) -> None:
        """Hide these texts wherever they appear from now on: the secrets that the process was started with."""
        self._concealed |= {secret for secret in secrets if len(secret) >= _SHORTEST_CONCEALED}
        longest_first = sorted(self._concealed, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def __call__(self, logger: object, method: str, line: Mapping[Any, Any]) -> dict[str, object]:
        """The line as it may be written: a processor of structlog."""
        return self._fields(line, 0)

    def text(self, text: str) -> str:
        """A text without what looks like a secret, an address of a person, or a row of a table."""
        # Roughly first: no text is so long that looking through it holds up the loop.
        text = _shortened(text, 4 * LONGEST_TEXT)
        if self._pattern is not None:
            text = self._pattern.sub(HIDDEN, text)
        if _SUSPICIOUS.search(text):
            for look, instead in _LOOKS:
                text = look.sub(instead, text)
        return _shortened(text, LONGEST_TEXT)

    def _fields(self, fields: Mapping[object, object], depth: int) -> dict[str, object]:
        named = {str(name): value for name, value in fields.items()}
        return {
            name if name.isidentifier() else self.text(name): self._field(name, value, depth)
            for name, value in named.items()
        }

    def _field(self, name: str, value: object, depth: int) -> object:
        if value and (_SECRET_NAMES.search(name) or name.lower() in _PEOPLE_NAMES):
            return HIDDEN
        return self._value(value, depth)

    def _value(self, value: object, depth: int) -> object:
        shown: object
        match value:
            case None | bool() | int() | float():
                shown = value
            case bytes() | bytearray() | memoryview():
                shown = f"[{len(value)} bytes]"
            case Message():
                shown = f"[{value.DESCRIPTOR.full_name}, {value.ByteSize()} bytes]"
            case Mapping() if depth < _DEEPEST:
                shown = self._fields(value, depth + 1)
            case list() | tuple() | set() | frozenset() if depth < _DEEPEST:
                shown = [self._value(inner, depth + 1) for inner in value]
            case Mapping() | list() | tuple() | set() | frozenset():
                shown = HIDDEN
            case _:
                shown = self.text(str(value))
        return shown


def _shortened(text: str, longest: int) -> str:
    """Its beginning and its end: there a traceback says what went wrong."""
    cut = len(text) - longest
    return text if cut <= 0 else f"{text[: longest // 2]}[{cut} more]{text[-longest // 2 :]}"
