"""What somebody should look at: units that left although nobody had reserved them."""

from collections.abc import Iterable
from uuid import UUID

from prometheus_client import Counter

from chassis.telemetry.logs import get_logger
from inventory.reservations.books import ShippedUnreserved

_UNITS = Counter(
    "rappit_inventory_units_shipped_unreserved",
    "Units that left without being reserved there, by what the books had: some to spare, others' units, too few.",
    ["from"],
)


def report(organization: UUID, alarms: Iterable[ShippedUnreserved]) -> None:
    """Log each and count its units."""
    for alarm in alarms:
        _UNITS.labels("available").inc(alarm.units - alarm.taken_back - alarm.found)
        _UNITS.labels("taken_back").inc(alarm.taken_back)
        _UNITS.labels("found").inc(alarm.found)
        facts = {name: value if isinstance(value, int) else str(value) for name, value in alarm._asdict().items()}
        get_logger().error("units left without being reserved", organization_id=str(organization), **facts)
