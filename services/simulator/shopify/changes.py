"""What happens to an order after it was placed: each change gives the order as it is then. Pure."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

from simulator.shopify.identifiers import Identifiers, Part, gid
from simulator.shopify.money import Currencies
from simulator.shopify.order import shop_time
from simulator.shopify.refund import as_listed, refund
from simulator.shopify.totals import Totals, current_fields
from simulator.shops.provider import ChangeRefused, Json, copy_of

_NOTE = "الرجاء الاتصال قبل التوصيل"  # "please call before delivery"
_TAG = "checked"
_TOO_MANY = 1_000


Apply = Callable[[Identifiers, Json, str], None]
"""Alters the order that it is given; the text is the time, as shops write it."""


def changed(ids: Identifiers, order: Json, apply: Apply, now: datetime) -> Json:
    """The order after a change. Its `updated_at` has grown, if need be ahead of the clock. Raises ChangeRefused."""
    before = datetime.fromisoformat(order["updated_at"])
    time = shop_time(max(now, before + timedelta(seconds=1)))
    after = copy_of(order)
    apply(ids, after, time)
    after["updated_at"] = time
    return after


def pay(_ids: Identifiers, order: Json, _time: str) -> None:
    """What was outstanding is paid."""
    _refuse_if(order["cancelled_at"] is not None, "a cancelled order is not paid")
    _refuse_if(order["financial_status"] == "paid", "it is paid already")
    order["financial_status"] = "paid"
    order["total_outstanding"] = Currencies.of(order).text(Decimal(0))


def touch(_ids: Identifiers, order: Json, _time: str) -> None:
    """The merchant leaves a note and a tag: nothing that concerns stock."""
    order["note"] = _NOTE
    order["tags"] = _TAG


def cancel(ids: Identifiers, order: Json, time: str) -> None:
    """All units are taken off, and what was paid is given back."""
    _refuse_if(order["cancelled_at"] is not None, "it is cancelled already")
    _refuse_if(bool(order["fulfillments"]), "what was fulfilled is not cancelled")
    currencies, was_paid = Currencies.of(order), order["financial_status"] != "pending"
    order["refunds"].append(refund(ids, order, time))
    for line in order["line_items"]:
        line["current_quantity"] = line["fulfillable_quantity"] = 0
    order |= current_fields(Totals.of(order["line_items"], (), "current_quantity", currencies), currencies)
    order |= {
        "cancelled_at": time,
        "cancel_reason": "customer",
        "closed_at": time,
        "financial_status": "refunded" if was_paid else "voided",
        "total_outstanding": currencies.text(Decimal(0)),
    }


def fulfill(ids: Identifiers, order: Json, time: str) -> None:
    """All that is still to leave leaves in one parcel; a paid order is then archived."""
    _refuse_if(order["cancelled_at"] is not None, "a cancelled order is not fulfilled")
    open_lines = [line for line in order["line_items"] if line["fulfillable_quantity"]]
    _refuse_if(not open_lines, "nothing of it is left to fulfil")
    order["fulfillments"].append(_parcel(ids, order, open_lines, time))
    for line in open_lines:
        line.update(fulfillable_quantity=0, fulfillment_status="fulfilled")
    order["fulfillment_status"] = "fulfilled"
    if order["financial_status"] == "paid":
        order["closed_at"] = time


def want_too_much(_ids: Identifiers, order: Json, _time: str) -> None:
    """What a forger writes."""
    for line in order["line_items"]:
        line.update(quantity=_TOO_MANY, current_quantity=_TOO_MANY, fulfillable_quantity=_TOO_MANY)


def _parcel(ids: Identifiers, order: Json, lines: list[Json], time: str) -> Json:
    index = len(order["fulfillments"])
    identifier = ids.part(Part.FULFILLMENT, order["order_number"], index)
    tracking = f"2901{identifier % 10**8:08}"
    url = f"https://www.smsaexpress.com/trackingdetails?tracknumbers={tracking}"
    return {
        "id": identifier,
        "order_id": order["id"],
        "status": "success",
        "created_at": time,
        "service": "manual",
        "updated_at": time,
        "tracking_company": "SMSA Express",
        "shipment_status": None,
        "location_id": None,
        "origin_address": None,
        "line_items": [as_listed(line) | {"quantity": line["fulfillable_quantity"]} for line in lines],
        "tracking_number": tracking,
        "tracking_numbers": [tracking],
        "tracking_url": url,
        "tracking_urls": [url],
        "receipt": {},
        "name": f"{order['name']}.{index + 1}",
        "admin_graphql_api_id": gid("Fulfillment", identifier),
    }


def _refuse_if(broken: bool, reason: str) -> None:
    if broken:
        raise ChangeRefused(reason)
