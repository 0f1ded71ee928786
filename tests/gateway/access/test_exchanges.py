import asyncio
from uuid import UUID, uuid4

import pytest

from chassis.errors import NotAuthenticated, UnavailableForNow
from gateway.access import exchanges as module
from gateway.access.exchanges import ENDED_SECONDS, LEAST_LEFT_SECONDS, Exchanged, Exchanges, Revoked


class Identity:
    """What identity would answer, how often it was asked, and what time it is."""

    def __init__(self) -> None:
        self.time = 1_000_000.0
        self.asked: list[tuple[str, str]] = []
        self.user, self.organization, self.session = uuid4(), uuid4(), uuid4()
        self.away = False
        self.hold = asyncio.Event()
        self.hold.set()
        self.exchanges = Exchanges(self.exchange, now=lambda: self.time)

    async def token_for(self, token: str, audience: str) -> str:
        return (await self.exchanges.exchanged(token, audience)).token

    async def exchange(self, token: str, audience: str) -> Exchanged:
        self.asked.append((token, audience))
        await self.hold.wait()
        if self.away:
            raise UnavailableForNow("identity")
        token = f"{audience} {len(self.asked)}"
        return Exchanged(token, self.user, self.organization, self.session, self.time + 60, frozenset())


@pytest.fixture
def identity() -> Identity:
    return Identity()


async def test_a_token_is_exchanged_once_per_service_while_it_lives(identity: Identity) -> None:
    tokens = [await identity.token_for("a.b.c", audience) for audience in ("orders", "inventory") * 2]

    assert tokens == ["orders 1", "inventory 2"] * 2
    identity.time += 60 - LEAST_LEFT_SECONDS
    assert await identity.token_for("a.b.c", "orders") == "orders 3"


async def test_another_token_is_another_exchange(identity: Identity) -> None:
    await identity.token_for("a.b.c", "orders")
    await identity.token_for("a.b.d", "orders")

    assert len(identity.asked) == 2


async def test_many_requests_at_once_exchange_once(identity: Identity) -> None:
    tokens = await asyncio.gather(*(identity.token_for("a.b.c", "orders") for _ in range(50)))

    assert set(tokens) == {"orders 1"}


async def test_a_refusal_is_not_remembered(identity: Identity) -> None:
    identity.away = True
    with pytest.raises(UnavailableForNow):
        await identity.token_for("a.b.c", "orders")
    identity.away = False

    assert await identity.token_for("a.b.c", "orders") == "orders 2"


async def test_the_end_of_a_session_forgets_its_exchanges_and_no_others(identity: Identity) -> None:
    await identity.token_for("a.b.c", "orders")
    ended, identity.session = identity.session, uuid4()
    await identity.token_for("d.e.f", "orders")

    identity.exchanges.revoke(Revoked(sessions=frozenset({ended})))

    await identity.token_for("d.e.f", "orders")
    assert len(identity.asked) == 2
    await identity.token_for("a.b.c", "orders")
    assert len(identity.asked) == 3


async def test_the_end_of_a_session_that_overtakes_an_exchange_is_not_lost(identity: Identity) -> None:
    """Refused at once: identity had answered before it knew."""
    identity.hold.clear()
    exchanging = asyncio.create_task(identity.token_for("a.b.c", "orders"))
    await asyncio.sleep(0)
    identity.exchanges.revoke(Revoked(sessions=frozenset({identity.session})))
    identity.hold.set()

    with pytest.raises(NotAuthenticated):
        await exchanging


@pytest.mark.parametrize("what", ["users", "organizations"])
async def test_what_a_person_may_do_is_asked_anew_when_it_changed(identity: Identity, what: str) -> None:
    """Also what was asked for before that and answered after."""
    whose = {"users": identity.user, "organizations": identity.organization}[what]
    await identity.token_for("a.b.c", "orders")
    identity.exchanges.revoke(Revoked(**{what: frozenset({uuid4()})}))
    assert await identity.token_for("a.b.c", "orders") == "orders 1"

    identity.hold.clear()
    exchanging = asyncio.create_task(identity.token_for("a.b.c", "inventory"))
    await asyncio.sleep(0)
    identity.exchanges.revoke(Revoked(**{what: frozenset({whose})}))
    identity.hold.set()
    await exchanging

    assert await identity.token_for("a.b.c", "orders") == "orders 3"
    assert await identity.token_for("a.b.c", "inventory") == "inventory 4"


async def test_the_end_of_sessions_is_remembered_within_bounds(
    identity: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_ENDED", 10)
    for _ in range(20):
        identity.exchanges.revoke(Revoked(sessions=frozenset({uuid4()})))
    assert len(identity.exchanges._ended) == 10

    identity.time += ENDED_SECONDS + 1
    identity.exchanges.revoke(Revoked(sessions=frozenset({uuid4()})))
    assert len(identity.exchanges._ended) == 1


async def test_exchanges_are_kept_within_bounds_the_latest_used_longest(
    identity: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_EXCHANGES", 2)
    for token in ("a.b.1", "a.b.2", "a.b.1", "a.b.3", "a.b.1"):
        await identity.token_for(token, "orders")
    assert len(identity.asked) == 3

    await identity.token_for("a.b.2", "orders")
    assert len(identity.asked) == 4


async def test_what_was_not_accepted_and_what_may_be_old_is_exchanged_anew(identity: Identity) -> None:
    await identity.token_for("a.b.c", "orders")
    identity.exchanges.forget("a.b.c", "orders")
    await identity.token_for("a.b.c", "orders")
    identity.exchanges.forget_all()
    await identity.token_for("a.b.c", "orders")

    assert len(identity.asked) == 3


async def test_no_access_token_stays_in_memory(identity: Identity) -> None:
    """Trap 7."""
    await identity.token_for("the.access.token", "orders")

    assert "the.access.token" not in repr(identity.exchanges._kept)
    assert UUID(str(identity.session)) in {kept.session_id for kept in identity.exchanges._kept.values()}
