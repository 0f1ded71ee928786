"""Orders on the wire."""

from chassis.timestamps import timestamp
from orders.orders import order as orders
from orders.orders import snapshot as snapshots
from orders.orders.list_timeline_entries import TimelineEntry
from rappit.orders.v1 import order_pb2, orders_pb2
from rappit.types.v1.address_pb2 import Address
from rappit.types.v1.money_pb2 import Money


def cancel_reason(number: orders_pb2.CancelReason.ValueType) -> snapshots.CancelReason:
    """The reason that a request names."""
    return snapshots.CancelReason(orders_pb2.CancelReason.Name(number).removeprefix("CANCEL_REASON_"))


def fulfillment_status(number: order_pb2.FulfillmentStatus.ValueType) -> str:
    """The status that a request names, as it is kept."""
    return order_pb2.FulfillmentStatus.Name(number).removeprefix("FULFILLMENT_STATUS_")


def payment_status(number: order_pb2.PaymentStatus.ValueType) -> str:
    """The status that a request names, as it is kept."""
    return order_pb2.PaymentStatus.Name(number).removeprefix("PAYMENT_STATUS_")


def order_message(order: orders.Order) -> order_pb2.Order:
    """The order with its lines."""
    summary = orders.OrderSummary(order, len(order.lines), order.unmapped_line_count)
    message = summary_message(summary)
    message.lines.extend(_line(line, order.snapshot.totals.currency) for line in order.lines)
    return message


def summary_message(summary: orders.OrderSummary) -> order_pb2.Order:
    """The order without its lines."""
    order, snapshot = summary.order, summary.order.snapshot
    currency = snapshot.totals.currency
    return order_pb2.Order(
        id=str(order.id),
        store_id=str(order.store_id),
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
        shipping_address=_address(snapshot.shipping_address),
        billing_address=_address(snapshot.billing_address),
        note=snapshot.note,
        tags=snapshot.tags,
        shipping_lines=[
            order_pb2.ShippingLine(
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
    )


def entry_message(entry: TimelineEntry) -> orders_pb2.TimelineEntry:
    """An entry of an order's timeline."""
    return orders_pb2.TimelineEntry(
        position=entry.position,
        event=entry.event,
        message=entry.message,
        actor=entry.actor,
        time=timestamp(entry.time),
    )


def _line(line: orders.Line, currency: str) -> order_pb2.OrderLine:
    said = line.said
    mapping = "UNMAPPED" if line.unmapped else "MAPPED" if line.item_id else "NOT_NEEDED"
    return order_pb2.OrderLine(
        id=str(line.id),
        external_id=said.external_id,
        sku=said.sku,
        title=said.title,
        variant_title=said.variant_title,
        kind=order_pb2.LineKind.Value(f"LINE_KIND_{said.kind}"),
        mapping=order_pb2.MappingState.Value(f"MAPPING_STATE_{mapping}"),
        item_id=str(line.item_id) if line.item_id else "",
        ordered=said.ordered,
        wanted=said.wanted,
        fulfilled=said.fulfilled,
        reserved=line.reserved,
        unit_price=_money(said.unit_price, currency),
        discount=_money(said.discount, currency),
        tax=_money(said.tax, currency),
    )


def _totals(totals: snapshots.Totals) -> order_pb2.OrderTotals:
    return order_pb2.OrderTotals(
        subtotal=_money(totals.subtotal, totals.currency),
        discount=_money(totals.discount, totals.currency),
        shipping=_money(totals.shipping, totals.currency),
        tax=_money(totals.tax, totals.currency),
        total=_money(totals.total, totals.currency),
        taxes_included=totals.taxes_included,
    )


def _money(minor_units: int, currency: str) -> Money:
    return Money(minor_units=minor_units, currency=currency)


def _customer(order: orders.Order) -> order_pb2.Customer | None:
    customer = order.snapshot.customer
    if customer is None:
        return None
    return order_pb2.Customer(
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
