"""Who holds units that somebody wants to take by force."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from inventory.reservations.demand import Owner


@dataclass(frozen=True, slots=True)
class Holders:
    """Whose units: demands that match all that is named."""

    demand_id: UUID | None = None
    item_id: UUID | None = None
    min_age: timedelta | None = None


class Holder(NamedTuple):
    """Units that a demand, of so many lines, holds of an item in a warehouse."""

    demand_id: UUID
    owner: Owner
    create_time: datetime
    item_id: UUID
    warehouse_id: UUID
    units: int
    lines: int
