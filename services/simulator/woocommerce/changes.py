"""What happens to an order after it was placed: each change gives the order as it is then. Pure."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from simulator.shops.checkout import Pieces, priced_in
from simulator.shops.money import Currencies
from simulator.shops.provider import ChangeRefused, Json, Verb, copy_of
from simulator.woocommerce.lines import amounts, line, line_id
from simulator.woocommerce.order import LAST_LINE, SHOP_CURRENCY, times

Apply = Callable[[Json, datetime], None]
"""Alters the order that it is given."""

OPEN = {"pending", "on-hold", "processing"}
_MOST_LINES = 800


def changed(order: Json, apply: Apply, now: datetime) -> Json:
    """The order after a change. Its `date_modified` has grown, if need be ahead of the clock. Raises ChangeRefused."""
    before = datetime.fromisoformat(order["date_modified_gmt"]).replace(tzinfo=UTC)
    time = max(now, before + timedelta(seconds=1))
    after = copy_of(order)
    apply(after, time)
    return after | times("date_modified", time)


def _pay(order: Json, time: datetime) -> None:
    _refuse_if(order["status"] not in {"pending", "on-hold"}, "it waits for no payment")
    order |= {"status": "processing", "is_editable": False, **times("date_paid", time)}


def _touch(order: Json, _time: datetime) -> None:
    order["customer_note"] = "الرجاء الاتصال قبل التوصيل"  # "please call before delivery"


def _cancel(order: Json, _time: datetime) -> None:
    _refuse_if(order["status"] not in OPEN, f"it is {order['status']}")
    order["status"] = "refunded" if order["date_paid"] else "cancelled"
    if order["date_paid"]:
        refund_id = line_id(order["id"], 990)
        order["refunds"] = [{"id": refund_id, "reason": "", "total": f"-{order['total']}"}]


def _fulfil(order: Json, time: datetime) -> None:
    """All of it leaves: WooCommerce knows no parcels."""
    _refuse_if(order["status"] != "processing", f"it is {order['status']}")
    order |= {"status": "completed", **times("date_completed", time)}


def want_too_much(order: Json, _time: datetime) -> None:
    """What a forger writes."""
    for entry in order["line_items"]:
        entry["quantity"] = 1_000


CHANGES = {Verb.PAY: _pay, Verb.TOUCH: _touch, Verb.CANCEL: _cancel, Verb.FULFIL: _fulfil}


def edit(wanted: Pieces) -> Apply:
    """The units that are wanted of these products from now on. The line itself changes, or is gone."""

    def apply(order: Json, _time: datetime) -> None:
        _refuse_if(order["status"] not in OPEN, f"it is {order['status']}")
        currencies = Currencies(order["currency"], order["currency"])
        shop_currency = next(_notes(order, SHOP_CURRENCY), {"value": order["currency"]})["value"]
        for product, units in wanted:
            same = [entry for entry in order["line_items"] if entry["sku"] == product.sku]
            rest = [entry for entry in order["line_items"] if entry["sku"] != product.sku]
            identifier = same[0]["id"] if same else _next_id(order)
            priced = priced_in(product, shop_currency, order["currency"])
            kept = [line(identifier, priced, units, Decimal(0), currencies)] if units else []
            order["line_items"] = sorted(rest + kept, key=lambda entry: int(entry["id"]))
        _refuse_if(not order["line_items"], "nothing would be left of it: cancel it")
        order |= amounts(order)

    return apply


def _next_id(order: Json) -> int:
    """An id that no line of the order has, nor had."""
    counter = next(_notes(order, LAST_LINE))
    counter["value"] = str(int(counter["value"]) + 1)
    _refuse_if(int(counter["value"]) >= line_id(order["id"], _MOST_LINES), "it has too many lines")
    return int(counter["value"])


def _notes(order: Json, key: str) -> Iterator[Json]:
    return (entry for entry in order["meta_data"] if entry["key"] == key)


def _refuse_if(broken: bool, reason: str) -> None:
    if broken:
        raise ChangeRefused(reason)
