"""How often each fault is made."""

from collections import Counter
from random import Random

from simulator.faults import Fault, FaultShares, draw

NONE = FaultShares(repeat=0, older=0, forge=0, delay=0)


def test_a_share_of_one_is_always_and_of_none_never() -> None:
    random = Random(1)
    for name, fault in (
        ("repeat", Fault.REPEAT),
        ("older", Fault.OLDER_COPY),
        ("forge", Fault.FORGED),
        ("delay", Fault.DELAYED),
    ):
        shares = NONE.model_copy(update={name: 1})
        assert {draw(shares, random) for _ in range(100)} == {frozenset({fault})}
    assert {draw(NONE, random) for _ in range(100)} == {frozenset()}


def test_an_operator_sees_every_fault_within_some_minutes() -> None:
    """At the demo's 12 orders a minute, on average: the rarest each three minutes, none at every second order."""
    random, times = Random(1), 12 * 60 * 10
    seen = Counter(fault for _ in range(times) for fault in draw(FaultShares(), random))

    assert set(seen) == set(Fault)
    assert all(times / (12 * 4) < count < times / 5 for count in seen.values()), seen
