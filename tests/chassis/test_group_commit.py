"""Calls that arrive together are decided together, in the order of their arrival, and one that fails fails alone."""

import asyncio
import time
from collections.abc import Sequence
from uuid import UUID, uuid4

import psycopg
import pytest
from grpc import StatusCode

from chassis.errors import DeadlinePassed, Refusal, UnavailableForNow
from chassis.group_commit import GroupCommit
from tests.given.waiting import until

ONE = UUID(int=1)


class TooMany(Refusal):
    code = StatusCode.FAILED_PRECONDITION
    domain = "test.rappit"

    def __init__(self) -> None:
        super().__init__("too many")


class Deciding:
    """A decision that can be held up, and that fails where a test says so."""

    def __init__(self) -> None:
        self.batches: list[tuple[UUID, list[int]]] = []
        self.side_by_side = 0
        self.most_side_by_side = 0
        self.may_go_on = asyncio.Event()
        self.may_go_on.set()
        self.fails: dict[int, list[Exception]] = {}

    async def __call__(self, organization: UUID, items: Sequence[int]) -> Sequence[str | Refusal]:
        self.batches.append((organization, list(items)))
        self.side_by_side += 1
        self.most_side_by_side = max(self.most_side_by_side, self.side_by_side)
        try:
            await self.may_go_on.wait()
            for item in items:
                if self.fails.get(item):
                    raise self.fails[item].pop(0)
            return [TooMany() if item < 0 else f"did {item}" for item in items]
        finally:
            self.side_by_side -= 1


@pytest.fixture
async def deciding() -> Deciding:
    return Deciding()


def soon() -> float:
    return time.monotonic() + 30


async def begun(
    group: GroupCommit[int, str], items: Sequence[int], organization: UUID = ONE
) -> list[asyncio.Task[str]]:
    """Calls under way, in this order."""
    tasks = [asyncio.create_task(group.submit(organization, item, soon())) for item in items]
    await asyncio.sleep(0)
    return tasks


async def test_what_arrives_while_a_batch_is_in_flight_is_the_next_batch(deciding: Deciding) -> None:
    group = GroupCommit(deciding)
    deciding.may_go_on.clear()
    first = await begun(group, [1])
    await until(lambda: deciding.batches)
    rest = await begun(group, [2, 3, 4])
    deciding.may_go_on.set()

    assert await asyncio.gather(*first, *rest) == ["did 1", "did 2", "did 3", "did 4"]
    assert [items for _, items in deciding.batches] == [[1], [2, 3, 4]]


async def test_a_batch_has_a_limit(deciding: Deciding) -> None:
    group = GroupCommit(deciding, max_batch=3)

    await asyncio.gather(*await begun(group, range(7)))

    assert [items for _, items in deciding.batches] == [[0, 1, 2], [3, 4, 5], [6]]


async def test_one_batch_of_an_organization_is_in_flight_and_so_many_organizations(deciding: Deciding) -> None:
    group = GroupCommit(deciding, max_batch=1, max_side_by_side=3)
    deciding.may_go_on.clear()
    organizations = [uuid4() for _ in range(5)]
    tasks = [task for each in organizations for task in await begun(group, [1, 2], each)]
    await until(lambda: deciding.side_by_side == 3)
    assert len({organization for organization, _ in deciding.batches}) == 3
    deciding.may_go_on.set()
    await asyncio.gather(*tasks)

    assert deciding.most_side_by_side == 3
    assert len(deciding.batches) == 10


async def test_organizations_take_turns(deciding: Deciding) -> None:
    group = GroupCommit(deciding, max_batch=2, max_side_by_side=1)
    flooded, small = uuid4(), uuid4()
    deciding.may_go_on.clear()
    tasks = [*await begun(group, range(9), flooded), *await begun(group, [0], small)]
    deciding.may_go_on.set()

    await asyncio.gather(*tasks)

    assert small in [organization for organization, _ in deciding.batches[:3]]


async def test_after_it_was_idle_it_begins_again(deciding: Deciding) -> None:
    group = GroupCommit(deciding, max_side_by_side=2)
    for n in range(20):
        organizations = [uuid4() for _ in range(4)]
        await asyncio.gather(*(group.submit(each, n, soon()) for each in organizations))

    assert len(deciding.batches) == 80


async def test_a_refusal_is_its_own_callers(deciding: Deciding) -> None:
    group = GroupCommit(deciding)
    good, refused, also_good = await begun(group, [1, -1, 2])

    assert (await good, await also_good) == ("did 1", "did 2")
    with pytest.raises(TooMany):
        await refused


async def test_a_batch_that_fails_for_a_members_sake_is_decided_one_by_one(deciding: Deciding) -> None:
    group = GroupCommit(deciding)
    deciding.fails[2] = [ValueError("bad"), ValueError("bad")]
    one, bad, three = await begun(group, [1, 2, 3])

    assert (await one, await three) == ("did 1", "did 3")
    with pytest.raises(ValueError, match="bad"):
        await bad
    assert [items for _, items in deciding.batches] == [[1, 2, 3], [1], [2], [3]]


@pytest.mark.parametrize("error", [psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected])
async def test_a_batch_that_lost_a_race_is_decided_again(error: type[psycopg.Error], deciding: Deciding) -> None:
    group = GroupCommit(deciding)
    deciding.fails[2] = [error(), error()]

    assert await asyncio.gather(*await begun(group, [1, 2])) == ["did 1", "did 2"]
    assert [items for _, items in deciding.batches] == [[1, 2]] * 3


async def test_a_database_that_is_away_is_nobodys_fault(deciding: Deciding) -> None:
    group = GroupCommit(deciding)
    deciding.fails[1] = [psycopg.OperationalError("the connection is lost")]

    answers = await asyncio.gather(*await begun(group, [1, 2]), return_exceptions=True)

    assert [type(answer) for answer in answers] == [UnavailableForNow] * 2
    assert len(deciding.batches) == 1


async def test_whose_time_is_up_is_not_decided(deciding: Deciding) -> None:
    group = GroupCommit(deciding)
    late = asyncio.create_task(group.submit(ONE, 1, time.monotonic() - 1))
    good = asyncio.create_task(group.submit(ONE, 2, soon()))

    assert await good == "did 2"
    with pytest.raises(DeadlinePassed):
        await late
    assert [items for _, items in deciding.batches] == [[2]]


async def test_whose_time_is_up_while_a_batch_is_repeated_is_left_out(deciding: Deciding) -> None:
    group = GroupCommit(deciding)
    deciding.fails[2] = [psycopg.errors.DeadlockDetected()]
    deciding.may_go_on.clear()
    short = asyncio.create_task(group.submit(ONE, 1, time.monotonic() + 0.05))
    long = asyncio.create_task(group.submit(ONE, 2, soon()))
    end = time.monotonic() + 0.05
    await until(lambda: time.monotonic() > end)
    deciding.may_go_on.set()

    assert await long == "did 2"
    with pytest.raises(DeadlinePassed):
        await short
    assert [items for _, items in deciding.batches] == [[1, 2], [2]]


async def test_a_caller_that_went_away_is_not_decided_for_and_harms_nobody(deciding: Deciding) -> None:
    group = GroupCommit(deciding)
    deciding.may_go_on.clear()
    first = await begun(group, [1])
    await until(lambda: deciding.batches)
    gone, stays = await begun(group, [2, 3])
    gone.cancel()
    first[0].cancel()
    await asyncio.sleep(0)
    deciding.may_go_on.set()

    assert await stays == "did 3"
    assert [items for _, items in deciding.batches] == [[1], [3]]


async def test_a_batch_holds_no_more_work_than_a_transaction_has_time_for(deciding: Deciding) -> None:
    """Trap 20: a batch that outlives transaction_timeout would fail for all of its members."""
    group = GroupCommit(deciding, weigh=lambda item: item, max_weight=10)
    deciding.may_go_on.clear()
    first = await begun(group, [1])
    await until(lambda: deciding.batches)
    rest = await begun(group, [4, 6, 1, 30, 9, 1, 1])
    deciding.may_go_on.set()
    await asyncio.gather(*first, *rest)

    assert [items for _, items in deciding.batches] == [[1], [4, 6], [1], [30], [9, 1], [1]]
