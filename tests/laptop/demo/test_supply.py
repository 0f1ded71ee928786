"""When goods are ordered, and when they come."""

from random import Random

from laptop.demo.catalogue import Shelf
from laptop.demo.made import Place
from laptop.demo.supply import LEAD_SECONDS, Supply

MUG = Place("mug", "main", "MUG", "MAIN", Shelf(full=60, low=20))
WALKERS = Place("walk", "main", "MUG-WALK", "MAIN", Shelf(full=5, low=-1))
LATEST = max(LEAD_SECONDS)


def supply(speed: float = 1.0) -> Supply:
    return Supply([MUG, WALKERS], Random(1), speed)


def test_a_shelf_that_runs_low_is_filled_once_what_was_ordered_came() -> None:
    goods = supply()
    goods.order({("mug", "main"): 21, ("walk", "main"): 0}, now=0)
    assert goods.arrived(LATEST) == []

    goods.order({("mug", "main"): 20, ("walk", "main"): 0}, now=0)
    assert goods.arrived(min(LEAD_SECONDS) - 1) == []
    (came,) = goods.arrived(LATEST)
    assert (came.place, came.units) == (MUG, 40)


def test_nothing_more_is_ordered_until_it_came_and_what_was_not_put_away_stays_the_same() -> None:
    goods = supply()
    for now in (0, 1, LATEST):
        goods.order({("mug", "main"): 0}, now)
    (came,) = goods.arrived(LATEST)
    assert goods.arrived(LATEST + 1) == [came]

    goods.put_away(came)
    assert goods.arrived(10 * LATEST) == []
    goods.order({}, LATEST)
    (again,) = goods.arrived(3 * LATEST)
    assert again.units == 60
    assert again.key != came.key


def test_a_fast_world_is_supplied_as_fast() -> None:
    goods = supply(speed=100)
    goods.order({}, now=0)
    assert len(goods.arrived(LATEST / 100)) == 1
