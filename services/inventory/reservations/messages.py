"""Demands on the wire."""

from collections.abc import Sequence
from uuid import UUID

from chassis.errors import InvalidRequest, Violation
from chassis.timestamps import timestamp
from inventory.reservations.demand import LineStatus, Owner, State, Status
from inventory.reservations.ending.holders import Holder, Holders
from inventory.reservations.wish import Consume, Want, WantedLine
from rappit.inventory.v1 import reservations_pb2 as proto
from rappit.inventory.v1.forced_release_pb2 import ForcedRelease, ForceReleaseStockRequest

_OWNERS = {Owner.ORDERS: proto.DEMAND_OWNER_ORDERS, Owner.API: proto.DEMAND_OWNER_API}
_STATES = {
    State.RESERVED: proto.DEMAND_STATE_RESERVED,
    State.SHORT: proto.DEMAND_STATE_SHORT,
    State.CLOSED: proto.DEMAND_STATE_CLOSED,
}


def owner_message(owner: Owner) -> proto.DemandOwner.ValueType:
    """The owner as the contract numbers it."""
    return _OWNERS[owner]


def demand_message(status: Status) -> proto.Demand:
    """A demand with what it holds."""
    demand = status.demand
    return proto.Demand(
        id=str(demand.id),
        owner=_OWNERS[demand.owner],
        state=_STATES[status.state],
        version=demand.version,
        revision=demand.revision,
        lines=line_messages(status.lines),
        expire_time=timestamp(demand.expire_time) if demand.expire_time else None,
        expired=demand.expired,
    )


def line_messages(lines: Sequence[LineStatus]) -> list[proto.DemandLine]:
    """Lines with what each holds."""
    return [
        proto.DemandLine(
            line_id=line.line_id,
            item_id=str(line.item_id),
            wanted=line.wanted,
            reserved=line.reserved,
            consumed=line.consumed,
            reserved_at=[
                proto.ReservedAt(
                    warehouse_id=str(place.warehouse_id), quantity=place.units, warehouse_code=place.code, why=place.why
                )
                for place in line.reserved_at
            ],
        )
        for line in lines
    ]


def want_from(request: proto.ReserveStockRequest) -> Want:
    """What a caller wants. Raises InvalidRequest where a line is named twice."""
    lines = tuple(WantedLine(line.line_id, UUID(line.item_id), line.quantity) for line in request.lines)
    _check_each_once([line.line_id for line in lines])
    return Want(Owner.API, request.version, lines, ttl=request.ttl.ToTimedelta() if request.HasField("ttl") else None)


def holders_from(request: ForceReleaseStockRequest) -> Holders:
    """Whose units are to be released."""
    return Holders(
        UUID(request.demand_id) if request.demand_id else None,
        UUID(request.item_id) if request.item_id else None,
        request.min_age.ToTimedelta() if request.HasField("min_age") else None,
    )


def forced_release_message(holder: Holder) -> ForcedRelease:
    """Units that a demand lost, or would lose."""
    return ForcedRelease(
        demand_id=str(holder.demand_id),
        of_order=holder.owner is Owner.ORDERS,
        create_time=timestamp(holder.create_time),
        item_id=str(holder.item_id),
        warehouse_id=str(holder.warehouse_id),
        quantity=holder.units,
    )


def consume_from(request: proto.ConsumeStockRequest) -> Consume:
    """What left. Raises InvalidRequest where a line is named twice."""
    lines = tuple((line.line_id, line.quantity) for line in request.lines)
    _check_each_once([line_id for line_id, _ in lines])
    return Consume(lines)


def _check_each_once(line_ids: Sequence[str]) -> None:
    first = {line_id: n for n, line_id in reversed(list(enumerate(line_ids)))}
    twice = [n for n, line_id in enumerate(line_ids) if first[line_id] != n]
    if twice:
        raise InvalidRequest(violations=[Violation(f"lines[{n}].line_id", "is named twice") for n in twice])
