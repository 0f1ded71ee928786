"""Ids of shops."""

from simulator.shopify.identifiers import Identifiers, Part

RIYADH, JEDDAH = Identifiers("riyadh.myshopify.com"), Identifiers("jeddah.myshopify.com")
NUMBERS = range(1001, 1301)


def test_who_reads_ids_as_doubles_makes_few_orders_of_many() -> None:
    """Trap 17."""
    orders = [RIYADH.order(number) for number in NUMBERS]
    lines = [RIYADH.part(Part.LINE, 1001, index) for index in range(10)]

    assert all(2**53 < identifier < 2**63 for identifier in (*orders, *lines))
    assert len(set(orders)) == len(orders)
    assert len({float(identifier) for identifier in orders}) < len(orders) / 50
    assert len({float(identifier) for identifier in lines}) <= 2


def test_no_two_things_share_an_id() -> None:
    found = [
        identifier
        for ids in (RIYADH, JEDDAH)
        for identifier in (
            *(ids.order(number) for number in NUMBERS),
            *(ids.part(part, number, index) for part in Part for number in NUMBERS for index in (0, 1, 999)),
            *(ids.product(sku) + variant for sku in ("MUG", "CAP", "TEE-RED") for variant in (0, 1)),
            *(ids.person(index) + address for index in range(12) for address in (0, 1)),
        )
    ]

    assert len(set(found)) == len(found)


def test_an_orders_id_says_its_number_and_nothing_elses_does() -> None:
    assert [RIYADH.number(RIYADH.order(number)) for number in NUMBERS] == list(NUMBERS)
    for identifier in (JEDDAH.order(1001), RIYADH.order(1001) + 1, RIYADH.part(Part.LINE, 1001, 0), 1001, 0):
        assert RIYADH.number(identifier) is None
