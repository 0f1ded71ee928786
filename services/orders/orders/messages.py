"""Orders on the wire."""

import re
from datetime import UTC
from hashlib import sha256
from uuid import UUID

from chassis.errors import InvalidRequest, Violation
from chassis.timestamps import timestamp
from orders.orders import line as lines
from orders.orders import order as orders
from orders.orders import snapshot as snapshots
from orders.orders.edit import AddLine, LineChange, SetQuantity, SwapSku
from orders.orders.get_order import WholeOrder
from orders.orders.list_timeline_entries import TimelineEntry
from orders.orders.new_order import NewLine, NewOrder
from rappit.orders.v1 import order_entry_pb2, order_parts_pb2, order_pb2, orders_pb2
from rappit.types.v1.address_pb2 import Address
from rappit.types.v1.money_pb2 import Money

_MOST_CHARACTERS = 200
_COUNTRY = re.compile("(?:[A-Z]{2})?")


def cancel_reason(number: orders_pb2.CancelReason.ValueType) -> snapshots.CancelReason:
    """The reason that a request names."""
    return snapshots.CancelReason(orders_pb2.CancelReason.Name(number).removeprefix("CANCEL_REASON_"))


def fulfillment_status(number: order_pb2.FulfillmentStatus.ValueType) -> str:
    """The status that a request names, as it is kept."""
    return order_pb2.FulfillmentStatus.Name(number).removeprefix("FULFILLMENT_STATUS_")


def payment_status(number: order_pb2.PaymentStatus.ValueType) -> str:
    """The status that a request names, as it is kept."""
    return order_pb2.PaymentStatus.Name(number).removeprefix("PAYMENT_STATUS_")


def order_message(whole: WholeOrder) -> order_pb2.Order:
    """The order with its lines, holds and notes."""
    order = whole.order
    summary = orders.OrderSummary(order, len(order.lines), order.unmapped_line_count)
    message = summary_message(summary)
    message.lines.extend(_line(line, order.snapshot.totals.currency) for line in order.lines)
    message.holds.extend(
        order_parts_pb2.Hold(
            id=str(hold.id),
            reason=order_parts_pb2.HoldReason.Value(f"HOLD_REASON_{hold.reason}"),
            owner=hold.owner,
            note=hold.note,
            actor=hold.actor,
            create_time=timestamp(hold.create_time),
        )
        for hold in whole.holds
    )
    message.notes.extend(
        order_parts_pb2.OrderNote(
            id=str(note.id), text=note.text, actor=note.actor, create_time=timestamp(note.create_time)
        )
        for note in whole.notes
    )
    return message


def summary_message(summary: orders.OrderSummary) -> order_pb2.Order:
    """The order without its lines."""
    order, snapshot = summary.order, summary.order.snapshot
    currency = snapshot.totals.currency
    return order_pb2.Order(
        id=str(order.id),
        store_id=str(order.store_id or ""),
        external_id=snapshot.external_id,
        name=snapshot.name,
        fulfillment_status=order_pb2.FulfillmentStatus.Value(f"FULFILLMENT_STATUS_{order.status}"),
        payment_status=order_pb2.PaymentStatus.Value(f"PAYMENT_STATUS_{snapshot.payment_status}"),
        short_reason=order.short_reason,
        cancel_time=timestamp(order.cancel_time) if order.cancel_time else None,
        cancel_reason=order.cancel_reason or "",
        order_time=timestamp(snapshot.order_time),
        create_time=timestamp(order.create_time),
        update_time=timestamp(order.update_time),
        etag=str(order.etag),
        version=order.version,
        totals=_totals(snapshot.totals),
        presentment_totals=_totals(snapshot.presentment_totals),
        totals_mismatch=snapshot.totals_mismatch,
        customer=_customer(order),
        shipping_address=_address(order.shipping_address),
        store_shipping_address=_address(snapshot.shipping_address),
        shipping_address_edited=order.own_shipping_address is not None,
        billing_address=_address(snapshot.billing_address),
        note=snapshot.note,
        tags=snapshot.tags,
        shipping_lines=[
            order_parts_pb2.ShippingLine(
                title=line.title,
                code=line.code,
                price=_money(line.price, currency),
                discount=_money(line.discount, currency),
                tax=_money(line.tax, currency),
            )
            for line in snapshot.shipping_lines
        ],
        line_count=summary.line_count,
        unmapped_line_count=summary.unmapped_line_count,
        test=snapshot.test,
        on_hold=order.hold_count > 0,
        own_tags=order.own_tags,
        reservation_due_time=timestamp(order.reservation_due) if order.reservation_due else None,
        pay_on_delivery=snapshot.pay_on_delivery,
    )


def entry_message(entry: TimelineEntry) -> order_parts_pb2.TimelineEntry:
    """An entry of an order's timeline."""
    return order_parts_pb2.TimelineEntry(
        position=entry.position,
        event=entry.event,
        message=entry.message,
        actor=entry.actor,
        time=timestamp(entry.time),
        reason=entry.reason,
        old_value=entry.old,
        new_value=entry.new,
    )


def _line(line: lines.Line, currency: str) -> order_pb2.OrderLine:
    said = line.said
    mapping = "UNMAPPED" if line.unmapped else "MAPPED" if line.item_id else "NOT_NEEDED"
    return order_pb2.OrderLine(
        id=str(line.id),
        external_id=said.external_id,
        sku=line.sku,
        title=said.title,
        variant_title=said.variant_title,
        kind=order_pb2.LineKind.Value(f"LINE_KIND_{said.kind}"),
        mapping=order_pb2.MappingState.Value(f"MAPPING_STATE_{mapping}"),
        item_id=str(line.item_id) if line.item_id else "",
        ordered=said.ordered,
        wanted=line.wanted,
        fulfilled=said.fulfilled,
        reserved=line.reserved,
        unit_price=_money(said.unit_price, currency),
        discount=_money(said.discount, currency),
        tax=_money(said.tax, currency),
        edited=line.edit is not None,
        store_wanted=said.wanted,
        store_sku=said.sku,
        candidate_skus=line.candidates,
        reserved_at=[
            order_parts_pb2.ReservedUnits(
                warehouse_id=str(place.warehouse_id),
                warehouse_code=place.code,
                quantity=place.units,
                why=place.why,
            )
            for place in line.reserved_at
        ],
    )


def _totals(totals: snapshots.Totals) -> order_parts_pb2.OrderTotals:
    return order_parts_pb2.OrderTotals(
        subtotal=_money(totals.subtotal, totals.currency),
        discount=_money(totals.discount, totals.currency),
        shipping=_money(totals.shipping, totals.currency),
        tax=_money(totals.tax, totals.currency),
        total=_money(totals.total, totals.currency),
        taxes_included=totals.taxes_included,
    )


def _money(minor_units: int, currency: str) -> Money:
    return Money(minor_units=minor_units, currency=currency)


def _customer(order: orders.Order) -> order_parts_pb2.Customer | None:
    customer = order.snapshot.customer
    if customer is None:
        return None
    return order_parts_pb2.Customer(
        id=str(order.customer_id),
        external_id=customer.external_id,
        name=customer.name,
        email=customer.email,
        phone=customer.phone,
    )


def _address(address: snapshots.Address | None) -> Address | None:
    if address is None:
        return None
    return Address(
        name=address.name,
        company=address.company,
        line1=address.line1,
        line2=address.line2,
        city=address.city,
        region=address.region,
        postal_code=address.postal_code,
        country_code=address.country_code,
        phone=address.phone,
    )


def new_order(request: order_entry_pb2.CreateOrderRequest) -> NewOrder:
    """The order that a request enters. Raises InvalidRequest where amounts are negative, or in several currencies, and
    for addresses that no parcel finds.
    """
    currency = request.lines[0].unit_price.currency
    _check_amounts(request, currency)
    customer = request.customer
    return NewOrder(
        external_id=request.external_id,
        name=request.name,
        order_time=request.order_time.ToDatetime(UTC) if request.HasField("order_time") else None,
        lines=tuple(_new_line(line) for line in request.lines),
        currency=currency,
        taxes_included=request.taxes_included,
        shipping_price=request.shipping_price.minor_units,
        paid=request.paid,
        customer=snapshots.Customer("", customer.name, customer.email, customer.phone)
        if request.HasField("customer")
        else None,
        shipping_address=shipping_address_of(request),
        billing_address=_given("billing_address", request.billing_address)
        if request.HasField("billing_address")
        else None,
        note=request.note,
        tags=tuple(request.tags),
        digest=sha256(request.SerializeToString(deterministic=True)).digest(),
    )


def line_change(change: order_entry_pb2.LineChange) -> LineChange:
    """A change of lines that a request wants."""
    match change.WhichOneof("change"):
        case "set_quantity":
            return SetQuantity(UUID(change.set_quantity.line_id), change.set_quantity.quantity)
        case "add_line":
            return AddLine(change.add_line.sku, change.add_line.quantity, change.add_line.title)
        case _:
            return SwapSku(UUID(change.swap_sku.line_id), change.swap_sku.sku)


def _new_line(line: order_entry_pb2.NewOrderLine) -> NewLine:
    return NewLine(
        item_id=UUID(line.item_id) if line.item_id else None,
        sku=line.sku,
        title=line.title or line.custom,
        quantity=line.quantity,
        unit_price=line.unit_price.minor_units,
        discount=line.discount.minor_units,
        tax=line.tax.minor_units,
    )


def _check_amounts(request: order_entry_pb2.CreateOrderRequest, currency: str) -> None:
    amounts = {"shipping_price": request.shipping_price} if request.HasField("shipping_price") else {}
    for number, line in enumerate(request.lines):
        given = [name for name in ("unit_price", "discount", "tax") if line.HasField(name)]
        amounts |= {f"lines[{number}].{name}": getattr(line, name) for name in given}
    faults = [
        Violation(f"{path}.minor_units", "is negative") for path, money in amounts.items() if money.minor_units < 0
    ]
    faults += [
        Violation(f"{path}.currency", f"is not {currency}")
        for path, money in amounts.items()
        if money.currency != currency
    ]
    if faults:
        raise InvalidRequest(violations=faults)


def shipping_address_of(
    request: order_entry_pb2.CreateOrderRequest | order_entry_pb2.ChangeShippingAddressRequest,
) -> snapshots.Address | None:
    """Where a request sends an order; None where it does not say. Raises InvalidRequest for what no parcel finds."""
    return _given("shipping_address", request.shipping_address) if request.HasField("shipping_address") else None


def _given(path: str, message: Address) -> snapshots.Address:
    said = {field.name: value for field, value in message.ListFields()}
    faults = [] if said else [Violation(path, "is empty")]
    faults += [
        Violation(f"{path}.{name}", f"has more than {_MOST_CHARACTERS} characters")
        for name, value in said.items()
        if len(value) > _MOST_CHARACTERS
    ]
    if not _COUNTRY.fullmatch(message.country_code):
        faults.append(Violation(f"{path}.country_code", "is no two capitals, for example SA"))
    if faults:
        raise InvalidRequest(violations=faults)
    return snapshots.Address(**said)
