"""A flood of one organisation makes nobody else wait, and a lone organisation is not slowed for nothing."""

from uuid import UUID, uuid4

from chassis.messaging.inbox import Received
from chassis.messaging.shares import turns

ONE, TWO = UUID(int=1), UUID(int=2)


def messages(organization: UUID, count: int) -> list[Received]:
    return [Received(organization, uuid4(), str(n), "t", "", b"") for n in range(count)]


def test_alone_and_up_to_date_an_organization_has_the_whole_batch() -> None:
    flood = messages(ONE, 10)

    (turn,) = turns({ONE: flood}, share=4, behind=False)

    assert (turn.apply, turn.queue) == (flood, ())


def test_beside_another_it_queues_what_exceeds_its_share() -> None:
    flood, few = messages(ONE, 10), messages(TWO, 3)

    first, second = turns({ONE: flood, TWO: few}, share=4, behind=False)

    assert (first.organization, first.apply, first.queue) == (ONE, flood[:4], flood[4:])
    assert (second.organization, second.apply, list(second.queue)) == (TWO, few, [])


def test_behind_others_may_wait_further_back_so_it_queues_too() -> None:
    flood = messages(ONE, 10)

    (turn,) = turns({ONE: flood}, share=4, behind=True)

    assert (turn.apply, turn.queue) == (flood[:4], flood[4:])
