"""A thing that is held in stock."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


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

    @property
    def etag(self) -> str:
        """Changes whenever the item does."""
        return str(self.version)
