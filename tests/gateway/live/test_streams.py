from uuid import UUID, uuid4

import pytest

from chassis.errors import UnavailableForNow
from chassis.permissions import AccessUndeclared, permissions_of_roles
from gateway.access.exchanges import Exchanged, Revoked
from gateway.errors import TooManyStreams
from gateway.live import streams as module
from gateway.live import subjects
from gateway.live.streams import HERE, RESET, Stream, Streams
from gateway.live.subjects import told_with
from rappit.gateway.v1.live_pb2 import (
    LIVE_SUBJECT_ORDER,
    LIVE_SUBJECT_ORGANIZATION,
    LIVE_SUBJECT_STOCK,
    LIVE_SUBJECT_STORE,
    LiveUpdate,
)

ORGANIZATION = uuid4()
VIEWER = permissions_of_roles()["VIEWER"]


def person(organization: UUID = ORGANIZATION, *permissions: str) -> Exchanged:
    return Exchanged("token", uuid4(), organization, uuid4(), 0.0, frozenset(permissions or VIEWER))


@pytest.fixture
def streams() -> Streams:
    made = Streams()
    made.set_ready(True)
    return made


def tell(streams: Streams, *versions: int, organization: UUID = ORGANIZATION) -> None:
    for version in versions:
        streams.tell(organization, LiveUpdate(subject=LIVE_SUBJECT_ORDER, version=version))


async def heard(stream: Stream) -> list[int | str]:
    """Versions and names of what waits; "end" when it ends then."""
    found: list[int | str] = []
    while not stream._events.empty():
        event = await stream.next()
        if event is None:
            return [*found, "end"]
        found.append(event.update.version if event.update else event.name)
    return found


async def test_only_the_own_organization_is_heard(streams: Streams) -> None:
    mine, others = streams.open(person(), ""), streams.open(person(uuid4()), "")
    tell(streams, 1, 2)

    assert await heard(mine) == [HERE, 1, 2]
    assert await heard(others) == [HERE]


async def test_each_subject_is_told_to_who_may_read_it(streams: Streams) -> None:
    """Trap 4. Whether one listens at the time, or comes again and goes on behind what was heard."""
    readers = {
        "orders.read": LIVE_SUBJECT_ORDER,
        "inventory.read": LIVE_SUBJECT_STOCK,
        "stores.read": LIVE_SUBJECT_STORE,
        "organization.read": LIVE_SUBJECT_ORGANIZATION,
    }
    beginning = f"{streams._replica}.0"
    listening = {permission: streams.open(person(ORGANIZATION, permission), "") for permission in readers}
    for version, subject in enumerate(readers.values(), start=1):
        streams.tell(ORGANIZATION, LiveUpdate(subject=subject, version=version))

    for version, permission in enumerate(readers, start=1):
        assert await heard(listening[permission]) == [HERE, version]
        assert await heard(streams.open(person(ORGANIZATION, permission), beginning)) == [version]
    assert await heard(streams.open(person(ORGANIZATION, "members.read"), beginning)) == []
    assert await heard(streams.open(person(), beginning)) == [1, 2, 3, 4]


def test_a_subject_that_nobody_may_be_told_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trap 4."""
    told_with.cache_clear()
    monkeypatch.setattr(subjects, "permissions_of_roles", lambda: {"VIEWER": VIEWER - {"stores.read"}})

    with pytest.raises(AccessUndeclared, match="LIVE_SUBJECT_STORE"):
        Streams()


async def test_who_comes_again_goes_on_behind_the_last(streams: Streams) -> None:
    first = streams.open(person(), "")
    tell(streams, 1, 2, 3)
    ids = [event.id for event in [await first.next() for _ in range(3)] if event]

    tell(streams, 1, organization=uuid4())
    for last, rest in [(ids[0], [1, 2, 3]), (ids[1], [2, 3]), (ids[2], [3])]:
        assert await heard(streams.open(person(), last)) == rest


@pytest.mark.parametrize("last", ["of-another-replica.1", "nonsense", "1", "{replica}.", "{replica}.3", "{replica}.-1"])
async def test_an_id_that_is_not_known_resets(streams: Streams, last: str) -> None:
    """Also one of another replica, which heard in another order."""
    place = await streams.open(person(), "").next()
    tell(streams, 1, 2)

    assert place is not None
    assert await heard(streams.open(person(), last.format(replica=place.replica))) == [RESET]


async def test_what_was_kept_is_bounded(streams: Streams, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_KEPT", 2)
    monkeypatch.setattr(module, "MOST_ORGANIZATIONS", 2)
    stream = streams.open(person(), "")
    tell(streams, 1, 2, 3)
    ids = [event.id for event in [await stream.next() for _ in range(4)] if event]

    assert await heard(streams.open(person(), ids[1])) == [RESET]
    assert await heard(streams.open(person(), ids[2])) == [3]
    for _ in range(2):
        tell(streams, 1, organization=uuid4())
    assert await heard(streams.open(person(), ids[2])) == [RESET]
    assert await heard(streams.open(person(), ids[3])) == []


async def test_a_reader_that_is_too_slow_is_dropped(streams: Streams, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_WAITING", 3)
    slow, quick = streams.open(person(), ""), streams.open(person(), "")
    for version in range(1, 5):
        tell(streams, version)
        assert await heard(quick)

    assert (slow.ended, quick.ended) == (True, False)
    assert await slow.next() is None


async def test_what_may_have_been_missed_resets_all(streams: Streams) -> None:
    stream = streams.open(person(), "")
    tell(streams, 1)
    place = await stream.next()
    streams.forget_all()
    tell(streams, 2)

    assert place is not None
    assert await heard(stream) == [1, RESET, 2]
    assert await heard(streams.open(person(), place.id)) == [RESET]


@pytest.mark.parametrize(
    ("what", "field"), [("sessions", "session_id"), ("users", "user_id"), ("organizations", "organization")]
)
async def test_who_loses_access_hears_no_more(streams: Streams, what: str, field: str) -> None:
    """Trap 5."""
    stream, other = streams.open(person(), ""), streams.open(person(uuid4()), "")
    streams.revoke(Revoked(**{what: frozenset({getattr(stream.person, field)})}))

    assert (stream.ended, other.ended) == (True, False)


async def test_streams_are_bounded(streams: Streams, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_OF_SESSION", 1)
    monkeypatch.setattr(module, "MOST_OF_ORGANIZATION", 2)
    monkeypatch.setattr(module, "MOST_STREAMS", 3)
    somebody = person()
    first = streams.open(somebody, "")
    with pytest.raises(TooManyStreams):
        streams.open(somebody, "")
    streams.open(person(), "")
    with pytest.raises(TooManyStreams):
        streams.open(person(), "")
    streams.open(person(uuid4()), "")
    with pytest.raises(TooManyStreams):
        streams.open(person(uuid4()), "")
    streams.close(first)
    streams.open(somebody, "")


async def test_a_replica_that_ends_sends_its_listeners_elsewhere(streams: Streams) -> None:
    stream = streams.open(person(), "")
    streams.set_ready(False)

    assert stream.ended
    with pytest.raises(UnavailableForNow):
        streams.open(person(), "")
