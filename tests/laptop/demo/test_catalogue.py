"""What the demo sells."""

import json
from decimal import Decimal

import pytest

from laptop.demo.catalogue import ITEMS, UNKNOWN_ITEM, WALK_ITEM
from laptop.demo.made import Door
from laptop.demo.organizations import BAZAAR, ORGANIZATIONS, SOUQ, Organization, Store
from laptop.demo.shop import shop_of
from simulator.shops.requests import read_settings

STORES = [(organization, store) for organization in ORGANIZATIONS for store in organization.stores]


def test_every_item_has_a_code_of_its_own_and_is_named_in_both_languages() -> None:
    assert len({item.sku for item in ITEMS}) == len(ITEMS) == 40
    for item in (*ITEMS, WALK_ITEM, UNKNOWN_ITEM):
        english, _, arabic = item.name.partition(" · ")
        assert english.isascii()
        assert any("\u0600" <= letter <= "\u06ff" for letter in arabic)


def test_both_organisations_have_the_same_codes_and_one_item_is_known_to_stores_alone() -> None:
    assert {item.sku for item in BAZAAR.stocked} <= {item.sku for item in SOUQ.stocked}
    assert {item.sku for item in SOUQ.sold} - {item.sku for item in SOUQ.stocked} == {UNKNOWN_ITEM.sku}
    assert WALK_ITEM not in SOUQ.sold


def test_prices_have_the_decimals_of_their_currency() -> None:
    assert [ITEMS[0].price_in(currency) for currency in ("SAR", "KWD")] == ["75.00", "6.142"]
    assert all(Decimal(item.price_in("KWD")) % Decimal("0.001") == 0 for item in ITEMS)


@pytest.mark.parametrize(("organization", "store"), STORES, ids=[store.shop for _, store in STORES])
def test_the_simulator_takes_every_store_as_it_is_told(organization: Organization, store: Store) -> None:
    told = shop_of(organization, store, Door("", "http://127.0.0.1:1/hook", store.shop, "secret"), speed=100)
    settings = read_settings(json.dumps(told).encode())

    assert (settings.currency, settings.speed) == (store.currency, 100)
    assert len(settings.products) == len(organization.sold)
