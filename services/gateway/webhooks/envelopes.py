"""The headers of a delivery, read by a table per provider. They are unsigned: none of them chooses the organisation."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from gateway.webhooks.subjects import Place
from rappit.orders.v1.store_pb2 import Provider as StoreProvider

# Longer ones are no topic or id of a provider; they must not grow the stored delivery.
MOST_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Provider:
    """How one provider's deliveries are read. Header names are in lower case; several may stand for one field."""

    name: str
    number: StoreProvider.ValueType
    signature: tuple[bytes, ...]
    topic: tuple[bytes, ...]
    delivery_id: tuple[bytes, ...]
    shop: tuple[bytes, ...]
    # Further headers that are kept with the delivery: every spelling -> the name they are kept under.
    kept: Mapping[bytes, str]
    # Topic -> where its bodies name what they are about.
    places: Mapping[str, Place]
    # Topics by which it asks for people, as the law has it: heard as long as a secret of the store is known.
    privacy: frozenset[str] = frozenset()
    # The key that signs, of a secret as the merchant knows it.
    key: Callable[[str], bytes] = str.encode
    # What it sends, unsigned, to see whether the address answers 200; it is no delivery.
    ping: re.Pattern[bytes] | None = None
    fields: Mapping[bytes, str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        single = {"signature": self.signature, "topic": self.topic, "delivery_id": self.delivery_id, "shop": self.shop}
        fields = {spelling: name for name, spellings in single.items() for spelling in spellings}
        object.__setattr__(self, "fields", {**fields, **self.kept})


class Envelope(NamedTuple):
    """What the headers say. Empty where a header is missing."""

    signature: bytes
    topic: str
    delivery_id: str
    shop: str
    kept: dict[str, str]


def read_envelope(provider: Provider, headers: Iterable[tuple[bytes, bytes]]) -> Envelope | None:
    """The delivery's headers, or None when one of them comes twice with two values: neither can be believed."""
    found: dict[str, bytes] = {}
    for name, value in headers:
        field_name = provider.fields.get(name)
        if field_name is not None and found.setdefault(field_name, value) != value:
            return None
    return Envelope(
        signature=found.pop("signature", b""),
        topic=_text(found.pop("topic", b"")),
        delivery_id=_text(found.pop("delivery_id", b"")),
        shop=_text(found.pop("shop", b"")),
        kept={name: _text(value) for name, value in found.items()},
    )


def _text(value: bytes) -> str:
    return value.decode("latin-1")[:MOST_CHARACTERS]
