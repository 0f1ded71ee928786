"""What the books make of a fact, whatever they had: never refused, nothing negative, no more taken back than needed."""

from hypothesis import assume, given
from hypothesis import strategies as st

from inventory.errors import AdjustmentBelowReserved, ConditionHasFewer
from inventory.stock.fact import Condition, Fact, adjusted, condition_changed, counted
from inventory.stock.level import Balance, Kind

few = st.integers(0, 9)
balances = st.builds(lambda free, *aside: Balance(free + sum(aside), *aside), few, few, few, few)
conditions = st.sampled_from(Condition)


def after(balance: Balance, fact: Fact) -> Balance:
    """The level when all of it is done."""
    return Balance(
        balance.on_hand + sum(step.on_hand for step in fact.steps),
        balance.reserved - fact.take_back,
        balance.damaged + sum(step.damaged for step in fact.steps),
        balance.quarantined + sum(step.quarantined for step in fact.steps),
    )


def check(balance: Balance, fact: Fact) -> Balance:
    now = after(balance, fact)
    assert fact.take_back >= 0
    assert min(now.on_hand, now.reserved, now.damaged, now.quarantined, now.available) >= 0
    assert not fact.take_back or not now.available, "what was free goes first"
    return now


@given(balances, st.integers(0, 40))
def test_a_count_is_what_is_on_hand(balance: Balance, units: int) -> None:
    """Trap 44."""
    now = check(balance, counted(balance, units))

    assert now.on_hand == units
    if units >= balance.damaged + balance.quarantined:
        assert (now.damaged, now.quarantined) == (balance.damaged, balance.quarantined)


@given(balances, conditions, conditions, st.integers(1, 20))
def test_units_are_in_the_condition_they_are_said_to_be_in(
    balance: Balance, source: Condition, target: Condition, units: int
) -> None:
    """Trap 44."""
    there = {Condition.DAMAGED: balance.damaged, Condition.QUARANTINED: balance.quarantined}
    assume(source is Condition.SELLABLE or units <= there[source])
    fact = condition_changed(balance, source, target, units)
    now = check(balance, fact)

    found = max(0, units - balance.sellable) if source is Condition.SELLABLE is not target else 0
    assert now.on_hand == balance.on_hand + found
    assert [step.kind for step in fact.steps].count(Kind.FOUND) == bool(found)
    in_target = {Condition.DAMAGED: now.damaged, Condition.QUARANTINED: now.quarantined}
    if target in in_target and source is not target:
        assert in_target[target] == there[target] + units


@given(balances, conditions, st.integers(-20, 20))
def test_an_adjustment_takes_promised_units_only_where_it_may(
    balance: Balance, condition: Condition, delta: int
) -> None:
    has = {
        Condition.SELLABLE: balance.available,
        Condition.DAMAGED: balance.damaged,
        Condition.QUARANTINED: balance.quarantined,
    }[condition]
    for take_back in (False, True):
        may_go = balance.sellable if take_back and condition is Condition.SELLABLE else has
        try:
            fact = adjusted(balance, delta, condition, take_back=take_back)
        except (AdjustmentBelowReserved, ConditionHasFewer):
            assert -delta > may_go
        else:
            assert -delta <= may_go
            assert check(balance, fact).on_hand == balance.on_hand + delta
