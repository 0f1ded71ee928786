"""Pages of a list: a token belongs to its list and filters, and brings nothing into a query but a sort key."""

import base64
import json
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis import paging
from chassis.errors import PageTokenInvalid
from chassis.paging import Key, next_token, page_from

KEYS = st.lists(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)
    | st.integers(-(2**63), 2**63 - 1)
    | st.uuids()
    | st.datetimes(timezones=st.just(UTC)),
    min_size=1,
    max_size=4,
)


@given(st.text(st.characters(exclude_categories=["Cs"])), KEYS)
def test_a_page_begins_after_the_key_that_its_token_was_made_of(filters: str, keys: list[Key]) -> None:
    page = page_from(20, next_token(filters, *keys), filters, [type(key) for key in keys])

    assert page.after == tuple(keys)
    assert page.size == 20


@pytest.mark.parametrize(("asked", "given"), [(0, 50), (1, 1), (200, 200), (201, 200), (-1, 50)])
def test_a_page_has_a_size_in_any_case(asked: int, given: int) -> None:
    assert page_from(asked, "", "items") == (given, None)


def test_a_token_of_other_filters_is_refused() -> None:
    with pytest.raises(PageTokenInvalid):
        page_from(0, next_token("items sku=MUG", "MUG"), "items sku=JUG")


@given(st.text() | st.binary().map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_what_is_no_token_is_refused(token: str) -> None:
    if token:
        with pytest.raises(PageTokenInvalid):
            page_from(0, token, "items")


@pytest.mark.parametrize(
    "value", [True, 1.5, None, [1], {"a": 1}, 2**63, "a\0b", "\ud800", {"id": "x"}, {"time": "x"}, {"time": 1}]
)
def test_a_forged_token_brings_in_nothing_that_a_database_cannot_take(value: object) -> None:
    with pytest.raises(PageTokenInvalid):
        page_from(0, forged("items", json.dumps([value])), "items")


@pytest.mark.parametrize("body", ["7", '"x"', "[", "[" * 100_000, '{"id": 1}'])
def test_a_forged_token_that_is_no_list_is_refused(body: str) -> None:
    with pytest.raises(PageTokenInvalid):
        page_from(0, forged("items", body), "items", [str])


def test_a_forged_token_brings_in_no_other_type() -> None:
    token = next_token("orders", "2026-11-23", str(uuid4()))

    with pytest.raises(PageTokenInvalid):
        page_from(0, token, "orders", (datetime, UUID))


def test_a_token_is_short_enough_for_the_contract() -> None:
    """Requests take 500 characters; the longest sort key is a SKU of 100 characters and an id."""
    assert len(next_token("items sku=", "ك" * 100, uuid4())) < 2000
    assert len(next_token("orders", datetime.now(UTC), uuid4())) < 200


def forged(filters: str, body: str) -> str:
    raw = body.encode()
    return base64.urlsafe_b64encode(paging._digest(filters, raw) + raw).decode().rstrip("=")
