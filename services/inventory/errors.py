"""What inventory refuses: one class per reason of `rappit.inventory.v1.InventoryErrorReason`."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from grpc import StatusCode

from chassis.errors import Refusal


class InventoryRefusal(Refusal):
    """A refusal that inventory gives."""

    domain = "inventory.rappit"


class ItemNotFound(InventoryRefusal):
    """The organisation has no such item."""

    code = StatusCode.NOT_FOUND

    def __init__(self, item_id: UUID) -> None:
        super().__init__("there is no such item", facts={"item_id": item_id})


class SkuTaken(InventoryRefusal):
    """The organisation has an item with this SKU."""

    code = StatusCode.ALREADY_EXISTS

    def __init__(self, sku: str, item_id: UUID) -> None:
        super().__init__(f"there is an item with SKU {sku}", facts={"sku": sku, "item_id": item_id})


class WarehouseNotFound(InventoryRefusal):
    """The organisation has no such warehouse."""

    code = StatusCode.NOT_FOUND

    def __init__(self, warehouse_id: UUID) -> None:
        super().__init__("there is no such warehouse", facts={"warehouse_id": warehouse_id})


class WarehouseCodeTaken(InventoryRefusal):
    """The organisation has a warehouse with this code."""

    code = StatusCode.ALREADY_EXISTS

    def __init__(self, code: str) -> None:
        super().__init__(f"there is a warehouse with code {code}", facts={"code": code})


class WarehouseInUse(InventoryRefusal):
    """The warehouse is open, or units are there."""

    code = StatusCode.FAILED_PRECONDITION

    def __init__(self, warehouse_id: UUID, *, is_open: bool, on_hand: int) -> None:
        super().__init__(
            "the warehouse is open, or units are there",
            facts={"warehouse_id": warehouse_id, "open": is_open, "on_hand": on_hand},
        )


class WarehouseIsDefault(InventoryRefusal):
    """The warehouse is the one that is meant where none is named."""

    code = StatusCode.FAILED_PRECONDITION

    def __init__(self, warehouse_id: UUID) -> None:
        super().__init__("calls that name no warehouse mean this one", facts={"warehouse_id": warehouse_id})


class NoWarehouse(InventoryRefusal):
    """Every warehouse of the organisation is closed."""

    code = StatusCode.FAILED_PRECONDITION

    def __init__(self) -> None:
        super().__init__("every warehouse is closed")


class LackingLine(NamedTuple):
    """A line for which too few units are available."""

    line_id: str
    item_id: UUID
    wanted: int
    available: int


class InsufficientStock(InventoryRefusal):
    """Too few units are available for these lines; nothing was reserved."""

    code = StatusCode.FAILED_PRECONDITION

    def __init__(self, lines: Sequence[LackingLine]) -> None:
        facts = {
            f"line:{line.line_id}": f"item {line.item_id} wanted {line.wanted} available {line.available}"
            for line in lines
        }
        super().__init__("too few units are available; nothing was reserved", facts=facts)


class AdjustmentBelowReserved(InventoryRefusal):
    """What is reserved or cannot be sold would no longer be on hand."""

    code = StatusCode.FAILED_PRECONDITION

    def __init__(self, on_hand: int, reserved: int, damaged: int, quarantined: int) -> None:
        super().__init__(
            "what is reserved or cannot be sold would no longer be on hand",
            facts={"on_hand": on_hand, "reserved": reserved, "damaged": damaged, "quarantined": quarantined},
        )


class ConditionHasFewer(InventoryRefusal):
    """The shelf has fewer units in this condition."""

    code = StatusCode.FAILED_PRECONDITION

    def __init__(self, condition: str, units: int) -> None:
        super().__init__(f"{units} units are {condition}", facts={"condition": condition, "units": units})


class DemandNotFound(InventoryRefusal):
    """The organisation has no such demand."""

    code = StatusCode.NOT_FOUND

    def __init__(self, demand_id: UUID) -> None:
        super().__init__("there is no such demand", facts={"demand_id": demand_id})


class DemandOwnedByOrders(InventoryRefusal):
    """The demand is an order's; only the order's events change it."""

    code = StatusCode.FAILED_PRECONDITION

    def __init__(self, demand_id: UUID) -> None:
        super().__init__("the demand is an order's", facts={"demand_id": demand_id})


class DemandClosed(InventoryRefusal):
    """The demand ended."""

    code = StatusCode.FAILED_PRECONDITION

    def __init__(self, demand_id: UUID) -> None:
        super().__init__("the demand ended", facts={"demand_id": demand_id})


class DemandExpired(InventoryRefusal):
    """The time of the demand was up."""

    code = StatusCode.FAILED_PRECONDITION

    def __init__(self, demand_id: UUID) -> None:
        super().__init__("the time of the demand was up", facts={"demand_id": demand_id})


class ReleaseNamesNothing(InventoryRefusal):
    """A forced release names neither a demand nor an item nor an age."""

    code = StatusCode.INVALID_ARGUMENT

    def __init__(self) -> None:
        super().__init__("name a demand, an item or an age: this would release everybody's units")


class DeadLetterNotFound(InventoryRefusal):
    """The consumer has no dead letter of this event."""

    code = StatusCode.NOT_FOUND

    def __init__(self, consumer: str, event_id: UUID) -> None:
        super().__init__("there is no such dead letter", facts={"consumer": consumer, "event_id": event_id})


class ConsumeExceedsReserved(InventoryRefusal):
    """More units would leave than the line has reserved."""

    code = StatusCode.FAILED_PRECONDITION

    def __init__(self, line_id: str, reserved: int) -> None:
        super().__init__(
            f"line {line_id} has {reserved} units reserved", facts={"line_id": line_id, "reserved": reserved}
        )
