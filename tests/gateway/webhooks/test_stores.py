import asyncio
from dataclasses import replace
from uuid import uuid4

import pytest

from gateway.webhooks import stores as module
from gateway.webhooks.stores import (
    FRESH_SECONDS,
    FULL_SECONDS,
    REREAD_SECONDS,
    STALE_SECONDS,
    Store,
    Stores,
    StoresAway,
)
from tests.given.waiting import until

ID = "0192f3a4-0000-7000-8000-000000000001"
OLD = Store(uuid4(), 1, "shop.myshopify.com", (b"old secret",))
NEW = Store(OLD.organization, 1, "shop.myshopify.com", (b"new secret",))


class Orders:
    """What orders would answer, how often it was asked, and what time it is."""

    def __init__(self) -> None:
        self.time = 1_000.0
        self.known: dict[str, Store] = {ID: OLD}
        self.away = False
        self.asked = 0
        self.hold = asyncio.Event()
        self.hold.set()
        self.stores = Stores(self.ask, now=lambda: self.time)

    async def ask(self, store_id: str) -> Store | None:
        self.asked += 1
        away, found = self.away, self.known.get(store_id)
        await self.hold.wait()
        if away:
            raise StoresAway
        return found


@pytest.fixture
def orders() -> Orders:
    return Orders()


async def test_a_store_is_asked_for_once_in_five_minutes(orders: Orders) -> None:
    assert [await orders.stores.find(ID) for _ in range(3)] == [OLD] * 3
    assert orders.asked == 1

    orders.known[ID] = NEW
    orders.time += FRESH_SECONDS
    assert await orders.stores.find(ID) == NEW
    assert orders.asked == 2


async def test_a_store_that_takes_nothing_is_looked_at_again_soon(orders: Orders) -> None:
    orders.known[ID] = replace(OLD, is_full=True)
    await orders.stores.find(ID)
    orders.known[ID] = OLD

    orders.time += FULL_SECONDS
    assert await orders.stores.find(ID) == OLD


async def test_while_orders_is_away_a_store_is_good_for_an_hour(orders: Orders) -> None:
    await orders.stores.find(ID)
    orders.away = True

    orders.time += STALE_SECONDS - 1
    assert await orders.stores.find(ID) == OLD
    orders.time += REREAD_SECONDS
    with pytest.raises(StoresAway):
        await orders.stores.find(ID)


async def test_an_answer_that_fails_is_not_asked_for_by_each_delivery(orders: Orders) -> None:
    await orders.stores.find(ID)
    orders.away = True
    orders.time += FRESH_SECONDS

    assert [await orders.stores.find(ID) for _ in range(5)] == [OLD] * 5
    assert orders.asked == 2


async def test_a_store_never_seen_while_orders_is_away_is_our_fault(orders: Orders) -> None:
    orders.away = True

    with pytest.raises(StoresAway):
        await orders.stores.find(ID)


async def test_an_event_of_the_store_makes_it_read_again_at_once(orders: Orders) -> None:
    await orders.stores.find(ID)
    orders.known[ID] = NEW

    orders.stores.forget(ID)

    assert await orders.stores.find(ID) == NEW


async def test_an_event_that_overtakes_the_answer_is_not_lost(orders: Orders) -> None:
    """The answer on its way was read before the change: it must not be remembered."""
    orders.hold.clear()
    reading = asyncio.create_task(orders.stores.find(ID))
    await until(lambda: orders.asked == 1)
    orders.known[ID] = NEW
    orders.stores.forget(ID)
    orders.hold.set()
    await reading

    assert await orders.stores.find(ID) == NEW


async def test_before_a_refusal_the_store_is_read_again_once_in_five_seconds(orders: Orders) -> None:
    """Trap 10. So that a secret changed a moment ago is known, and a forger does not make orders work."""
    seen = await orders.stores.find(ID)
    assert seen is not None
    assert await orders.stores.find_again(ID, seen) is seen
    assert orders.asked == 1

    orders.known[ID] = NEW
    orders.time += REREAD_SECONDS
    assert await orders.stores.find_again(ID, seen) == NEW
    assert await orders.stores.find_again(ID, NEW) == NEW
    assert orders.asked == 2


async def test_a_refusal_that_cannot_be_made_sure_of_is_our_fault(orders: Orders) -> None:
    """503 and not 401: the secret may be a new one."""
    await orders.stores.find(ID)
    orders.away = True
    orders.time += REREAD_SECONDS

    for _ in range(2):
        with pytest.raises(StoresAway):
            await orders.stores.find_again(ID, OLD)
    assert orders.asked == 2


async def test_an_unknown_id_is_asked_for_once_in_five_seconds(orders: Orders) -> None:
    stranger = str(uuid4())

    assert [await orders.stores.find(stranger) for _ in range(5)] == [None] * 5
    assert orders.asked == 1
    orders.known[stranger] = NEW
    orders.time += REREAD_SECONDS
    assert await orders.stores.find(stranger) == NEW


async def test_a_store_that_was_unknown_is_found_with_its_event(orders: Orders) -> None:
    stranger = str(uuid4())
    await orders.stores.find(stranger)
    orders.known[stranger] = NEW

    orders.stores.forget(stranger)

    assert await orders.stores.find(stranger) == NEW


async def test_unknown_ids_are_remembered_within_bounds(orders: Orders, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_UNKNOWN", 10)
    first, *others = [str(uuid4()) for _ in range(11)]
    await orders.stores.find(ID)
    for stranger in (first, *others):
        await orders.stores.find(stranger)
    asked = orders.asked

    assert await orders.stores.find(others[0]) is None
    assert await orders.stores.find(ID) == OLD
    assert orders.asked == asked
    assert await orders.stores.find(first) is None
    assert orders.asked == asked + 1


async def test_many_deliveries_at_once_ask_once(orders: Orders) -> None:
    assert await asyncio.gather(*(orders.stores.find(ID) for _ in range(100))) == [OLD] * 100
    assert orders.asked == 1


async def test_made_up_ids_do_not_keep_out_known_stores(orders: Orders, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ASK_SECONDS", 0.05)
    await orders.stores.find(ID)
    orders.time += FRESH_SECONDS
    orders.hold.clear()
    floods = [asyncio.create_task(orders.stores.find(str(uuid4()))) for _ in range(module.MOST_STRANGERS * 2)]
    known = asyncio.create_task(orders.stores.find(ID))
    await until(lambda: orders.asked == 2 + module.MOST_STRANGERS)

    assert await known == OLD
    assert {type(error) for error in await asyncio.gather(*floods, return_exceptions=True)} == {StoresAway}
    assert orders.asked == 2 + module.MOST_STRANGERS
    orders.hold.set()


async def test_after_missed_events_each_store_is_read_again_and_kept_for_need(orders: Orders) -> None:
    await orders.stores.find(ID)
    orders.known[ID] = NEW
    orders.stores.doubt_all()
    assert await orders.stores.find(ID) == NEW

    orders.away = True
    orders.stores.doubt_all()
    assert await orders.stores.find(ID) == NEW
