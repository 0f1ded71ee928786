"""Whatever a signed body is, it is read, or refused in words: nothing else comes out of the parsers."""

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orders.providers.read_delivery import FETCHED, GONE, PROVIDERS, read_delivery
from orders.providers.reading import Reading
from orders.providers.unreadable_body import UnreadableBody
from tests.given import woocommerce_orders as woo
from tests.given.samples_of_stores import sample
from tests.given.shopify_orders import Json, both, edited, fulfilled, item, paid, placed, refunded

NAME = "Qamar"
RICH = item(
    "TEE-RED",
    3,
    tax_lines=[{"price": "1.15"}, {"price_set": both("0.35", "SAR")}],
    discount_allocations=[{"amount_set": both("5.00", "SAR")}],
)
SHOPIFY = [
    json.loads(sample("official-2017-order-BYTES.json")),
    json.loads(sample("hookdeck-2024-10-orders-create.json")),
    json.loads(sample("customers-redact.json")),
    refunded(
        fulfilled(edited(paid(placed("#1", RICH, note=NAME)), "TEE-RED", 2), "TEE-RED", 1), "TEE-RED", 1, "return"
    ),
]
WOO = [
    json.loads(sample("docs-v3-order.json")),
    woo.refunded(woo.paid(woo.placed(woo.item("TEE-RED", 3), customer_note=NAME)), "59.00"),
    woo.completed(woo.placed(woo.item("CAP", 2))),
]
SHOPIFY_TOPICS = "orders/create orders/delete orders/edited refunds/create customers/redact shop/redact products/update"
WOO_TOPICS = "order.created order.deleted product.updated"
STORIES = [
    *(("shopify", topic, each) for topic in [*SHOPIFY_TOPICS.split(), GONE] for each in SHOPIFY),
    *(("shopify", FETCHED, {"order": each}) for each in SHOPIFY),
    *(("woocommerce", topic, each) for topic in [*WOO_TOPICS.split(), GONE] for each in WOO),
    *(("woocommerce", FETCHED, {"order": each, "refunds": each.get("refunds", [])}) for each in WOO),
]
ODD: list[Any] = [
    *(None, True, 0, -1, 1.5, 10**9, 2**63, 10**41, "", "0", "-0", "1e9", "NaN", "9" * 20, "-9223372036854775808"),
    *(NAME, "\0", "\ud800", "x" * 600, "٣", [], {}, [None], [[]], [{}], {"amount": "1"}, "SAR", "KWD", "XXX"),
    *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59-14:00", "2026-02-30", "trash"),
]


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every (container, key) inside a body."""
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield value, key
        yield from places(value[key])


@st.composite
def mutated(draw: st.DrawFn) -> tuple[str, str, str, bytes]:
    """Provider, topic, external id and the bytes of a body in which some things are other than documented."""
    provider, topic, story = draw(st.sampled_from(STORIES))
    changed: Json = deepcopy(story)
    external_id = str(changed.get("order", changed).get("id", ""))
    for _ in range(draw(st.integers(0, 4))):
        container, key = draw(st.sampled_from(list(places(changed))))
        if draw(st.booleans()):
            container[key] = deepcopy(draw(st.sampled_from(ODD)))
        elif isinstance(container, dict):
            del container[key]
        else:
            container.append(deepcopy(container[key]))
        if not changed:
            break
    raw = json.dumps(changed, ensure_ascii=draw(st.booleans())).encode(errors="surrogatepass")
    cut = draw(st.sampled_from([0, 0, 0, 0, 1, len(raw) // 2, len(raw)]))
    return provider, topic, draw(st.sampled_from([external_id, external_id, ""])), raw[: len(raw) - cut]


def values(read: Any) -> Iterator[Any]:
    """Everything that a reading holds."""
    if is_dataclass(read):
        yield from values([getattr(read, each.name) for each in fields(read)])
    elif isinstance(read, list | tuple):
        for each in read:
            yield from values(each)
    else:
        yield read


@settings(max_examples=200, deadline=None)
@given(mutated())
def test_a_body_is_read_so_that_it_can_be_kept_or_refused_in_words(delivery: tuple[str, str, str, bytes]) -> None:
    """Traps 13 and 48."""
    provider, topic, external_id, raw = delivery

    said: Reading | str
    try:
        said = read_delivery(PROVIDERS[provider], topic, external_id, raw)
    except UnreadableBody as error:
        said = str(error)

    assert said != ""
    assert not (isinstance(said, str) and NAME in said)
    for value in values(said):
        if isinstance(value, int):
            assert abs(value) < 2**63
        elif isinstance(value, str):
            assert "\0" not in value
            value.encode()


VAST = "90000000000000000.00"
LAST = "9999-12-31T23:59:59.999999"


@pytest.mark.parametrize(
    ("provider", "order", "wrong"),
    [
        ("shopify", placed("#1") | {"line_items": [item("A", 10**9, price="92233720368.00")]}, "subtotal"),
        ("woocommerce", woo.placed(woo.item("A", subtotal=VAST, total=f"-{VAST}")), "discount"),
        ("shopify", placed("#1", updated_at=f"{LAST}Z"), "updated_at"),
        ("woocommerce", woo.placed(date_modified_gmt=LAST), "date_modified_gmt"),
    ],
)
def test_what_only_a_sum_makes_too_much_is_refused_too(provider: str, order: Json, wrong: str) -> None:
    order = {name: value for name, value in order.items() if not name.startswith("total_line_items_price")}

    with pytest.raises(UnreadableBody, match=wrong):
        read_delivery(PROVIDERS[provider], FETCHED, str(order["id"]), json.dumps({"order": order}).encode())


@pytest.mark.parametrize("raw", [b"", b"[]", b"null", b"7", b'"x"', b"\xff\xfe", b"[" * 100_000, b'{"id":1', b"{}"])
@pytest.mark.parametrize(("provider", "topic"), [("shopify", "orders/create"), ("woocommerce", "order.created")])
def test_what_is_no_order_is_refused(provider: str, topic: str, raw: bytes) -> None:
    with pytest.raises(UnreadableBody):
        read_delivery(PROVIDERS[provider], topic, "1", raw)
