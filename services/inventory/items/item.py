"""A thing that is held in stock."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Details:
    """What is known of one unit: weight in grams, sides in millimetres, cost in minor units (None: nobody has said)."""

    category: str = ""
    image_url: str = ""
    weight_grams: int = 0
    length_mm: int = 0
    width_mm: int = 0
    height_mm: int = 0
    unit_cost: int | None = None
    unit_cost_currency: str = ""
    hs_code: str = ""
    origin_country: str = ""


UNKNOWN = Details()


@dataclass(frozen=True, slots=True)
class Item:
    """An item. `version` grows with each change of it; `safety_stock` units are held back from new reservations."""

    id: UUID
    sku: str
    name: str
    barcode: str
    version: int
    create_time: datetime
    safety_stock: int = 0
    reorder_point: int = 0
    details: Details = UNKNOWN

    @property
    def etag(self) -> str:
        """Changes whenever the item does."""
        return str(self.version)
