"""A thing that is held in stock."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Item:
    """An item. `version` grows with each change of it."""

    id: UUID
    sku: str
    name: str
    barcode: str
    version: int
    create_time: datetime
