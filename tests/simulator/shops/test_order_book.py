"""What a shop keeps of its orders."""

from pathlib import Path

from simulator.shopify.provider import Shopify
from simulator.shops.order_book import MOST_VERSIONS, OrderBook, Version
from simulator.shops.provider import Json, Verb
from tests.simulator.shopify.drawn_orders import NOW, SHOP, drawn, one


def version(order: Json, event: str = "event") -> Version:
    return Version(order, event, "2026-11-02T11:02:00.000000000Z", {"orders/create": "webhook"})


def test_a_shop_begins_at_1001_and_goes_on_after_a_restart(tmp_path: Path) -> None:
    assert OrderBook(tmp_path).next_number == 1001
    book = OrderBook(tmp_path)
    for order in drawn(12):
        book.add(order["order_number"], version(order))

    again = OrderBook(tmp_path)
    assert again.next_number == book.next_number == 1013
    assert again.find(1005) == book.find(1005)
    assert again.find(1013) is None


def test_only_the_last_orders_are_kept_and_numbers_are_not_given_twice(tmp_path: Path) -> None:
    book = OrderBook(tmp_path, most_orders=5)
    for order in drawn(60):
        book.add(order["order_number"], version(order))

    assert len(book) == len(list(tmp_path.iterdir())) == 5
    assert [found[-1].order["name"] for found in book.latest(9)] == ["#1060", "#1059", "#1058", "#1057", "#1056"]
    assert [found[-1].order["name"] for found in book.latest(2, before=1059)] == ["#1058", "#1057"]
    assert book.find(1055) is None
    assert OrderBook(tmp_path, most_orders=5).next_number == 1061


def test_versions_are_kept_to_a_number_the_current_one_last(tmp_path: Path) -> None:
    book, order = OrderBook(tmp_path), one()
    book.add(1001, version(order, "0"))
    for event in range(1, 10):
        order = Shopify().change(SHOP, order, Verb.TOUCH, NOW).order
        book.add(1001, version(order, str(event)))

    for found in (book.find(1001), OrderBook(tmp_path).find(1001)):
        assert found
        assert len(found) == MOST_VERSIONS
        assert (found[-1].event_id, found[-1].order) == ("9", order)
    assert len(book) == 1


def test_a_write_that_was_cut_short_leaves_the_order_as_it_was(tmp_path: Path) -> None:
    book = OrderBook(tmp_path)
    book.add(1001, version(one()))
    (tmp_path / "1001.new").write_text('[{"order": {"id"')

    again = OrderBook(tmp_path)
    assert len(again) == 1
    assert again.find(1001) == book.find(1001)
    again.add(1001, version(one(), "next"))
    assert len(OrderBook(tmp_path)) == 1


def test_orders_hold_people_and_are_nobody_elses_to_read(tmp_path: Path) -> None:
    OrderBook(tmp_path / "orders").add(1001, version(one()))

    assert (tmp_path / "orders" / "1001.json").stat().st_mode & 0o077 == 0
    assert (tmp_path / "orders").stat().st_mode & 0o077 == 0
