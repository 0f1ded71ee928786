"""Why units are taken from a warehouse, in words for whoever asks later. Pure."""

from collections.abc import Mapping
from uuid import UUID

from inventory.reservations.allocation import How, Take


def explain(take: Take, codes: Mapping[UUID, str]) -> str:
    """For example "JEDDAH is the first with all 2: MAIN had 0"; `codes` are the warehouses' codes."""
    had = ", ".join(f"{codes[warehouse_id]} had {units}" for warehouse_id, units in take.had)
    said = {
        How.WHOLE_DEMAND: f"{codes[take.warehouse_id]} is the first with all lines",
        How.WHOLE_LINE: f"{codes[take.warehouse_id]} is the first with all {take.units}",
        How.SPLIT_LINE: "split, for no warehouse has all",
        How.SAME_WAREHOUSE: f"{codes[take.warehouse_id]} has the order's other units",
    }[take.how]
    return f"{said}: {had}" if had else said
