"""What a delivery is about: its kind and the external id of the order or product, found in the signed body."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgspec

from rappit.gateway.v1.events_pb2 import DeliveryKind

ORDER = DeliveryKind.DELIVERY_KIND_ORDER
PRODUCT = DeliveryKind.DELIVERY_KIND_PRODUCT
STORE = DeliveryKind.DELIVERY_KIND_STORE
UNREADABLE = DeliveryKind.DELIVERY_KIND_UNREADABLE

# A store's ids are positive whole numbers, often beyond 2^53; some arrive as text.
_ID = re.compile(r"[1-9][0-9]{0,38}")


class Subject(NamedTuple):
    """What a delivery is about; the external id is empty for STORE and UNREADABLE."""

    kind: DeliveryKind.ValueType
    external_id: str

    @property
    def lane(self) -> str:
        """The kind as it stands in the key, `{store}/{kind}/{external id}`."""
        return _LANES[self.kind]


_LANES: dict[DeliveryKind.ValueType, str] = {
    ORDER: "order",
    PRODUCT: "product",
    STORE: "store",
    UNREADABLE: "unreadable",
}
NOTHING = Subject(UNREADABLE, "")


@dataclass(frozen=True, slots=True)
class Place:
    """Where the bodies of a topic name what they are about: the names to follow, none for the store itself."""

    kind: DeliveryKind.ValueType
    path: tuple[str, ...] = ()
    # Reads the whole body and makes objects of this path alone: json.loads takes fourteen times as long.
    decoder: "msgspec.json.Decoder[Any]" = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        shape: Any = object
        for name in reversed(self.path):
            shape = msgspec.defstruct(f"With_{name}", [(name, shape | None if shape is not object else object, None)])
        object.__setattr__(self, "decoder", msgspec.json.Decoder(shape))


def find_subject(places: Mapping[str, Place], topic: str, body: bytes) -> Subject:
    """What a delivery is about. Never raises: a topic or body that yields nothing is UNREADABLE."""
    place = places.get(topic)
    if place is None:
        return NOTHING
    if not place.path:
        return Subject(place.kind, "")
    try:
        # As text: what is not asked for is else not looked at, were it UTF-8 or not.
        value = place.decoder.decode(body.decode())
    except (ValueError, RecursionError):
        return NOTHING
    for name in place.path:
        value = getattr(value, name, None)
    external_id = _as_id(value)
    return Subject(place.kind, external_id) if external_id else NOTHING


def _as_id(value: object) -> str:
    """An id as text, every digit kept; empty if it is none: 1.0 and true do not read like one."""
    text = str(value)
    return text if _ID.fullmatch(text) else ""
