"""What identity never shows: passwords, tokens, keys, and who its people are."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from chassis.errors import RemoteRefusal
from chassis.rpc.origin import Origin
from identity.sessions.lockout import FREE_FAILURES
from identity.sessions.session import GRACE
from rappit.identity.v1.sessions_pb2 import SessionTokens
from tests.given.log_lines import LogLines
from tests.given.people import Identity, Person, new_email
from tests.given.refusals import refused

PASSWORD = "a-canary-in-the-mine-47"
NAME = "Canaria Minera"
WRONG = "another-canary-in-the-mine-48"
ORIGIN = Origin("203.0.113.47", "canary-browser/47")


@dataclass(frozen=True)
class Aftermath:
    """A person for whom everything went wrong that can; what they were told; a session of theirs that goes on."""

    person: Person
    told: list[RemoteRefusal]
    live: SessionTokens


@pytest.fixture
async def aftermath(identity: Identity, log_lines: LogLines) -> Aftermath:
    """All calls and refusals that have to do with secrets."""
    told = []
    person = await identity.new_person(password=PASSWORD, display_name=NAME, organization_name="Canary Ltd")
    other = await identity.new_session(person)
    live = await identity.refresh(other.tokens.refresh_token, ORIGIN)
    weak = new_email()
    calls: list[tuple[str, Callable[[], Awaitable[object]]]] = [
        ("EMAIL_TAKEN", lambda: identity.sign_up(email=person.email, password=PASSWORD)),
        ("PASSWORD_TOO_WEAK", lambda: identity.sign_up(email=weak, password=weak)),
        ("INVALID_REQUEST", lambda: identity.sign_up(password=PASSWORD * 100)),
        *[("CREDENTIALS_WRONG", lambda: identity.sign_in(person.email, WRONG))] * FREE_FAILURES,
        ("TOO_MANY_ATTEMPTS", lambda: identity.sign_in(person.email, PASSWORD)),
        ("TOKEN_INVALID", lambda: identity.exchange(person.tokens.access_token + "x")),
    ]
    for reason, call in calls:
        with refused(reason) as refusal:
            await call()
        told.append(refusal.error)
    await identity.refresh(person.tokens.refresh_token)
    identity.clock.ahead = GRACE + timedelta(seconds=1)
    with refused("REFRESH_TOKEN_REUSED") as refusal:
        await identity.refresh(person.tokens.refresh_token)
    told.append(refusal.error)
    return Aftermath(person, told, live)


async def secrets_of(identity: Identity, aftermath: Aftermath) -> dict[str, str]:
    """What must appear nowhere, by name."""
    person = aftermath.person
    async with identity.database.directory() as tx:
        row = await (
            await tx.execute("SELECT password_hash FROM credentials WHERE user_id = %s", (person.user_id,))
        ).fetchone()
    assert row is not None
    key = (await identity.signing_key()).private_key.private_bytes_raw()
    return {
        "password": PASSWORD,
        "wrong password": WRONG,
        "password hash": row.password_hash,
        "access token": person.tokens.access_token,
        "used refresh token": person.tokens.refresh_token,
        "live refresh token": aftermath.live.refresh_token,
        "signing key": key.hex(),
        "master key": identity.keys.master_key_file.read_text().partition(":")[2].strip(),
    }


async def test_no_secret_and_nobody_appears_in_a_log(
    identity: Identity, log_lines: LogLines, aftermath: Aftermath
) -> None:
    """Trap 7. Sign-ups, failures, locks and a theft are logged; what they were about is not."""
    text = log_lines.text
    people = {"e-mail": aftermath.person.email, "name": NAME, "organization": "Canary Ltd"}
    people |= {"address": ORIGIN.address, "device": "canary-browser"}

    for event in ("signed in", "sign-in locked", "session ended, its refresh token came back", "call refused"):
        assert log_lines.of(event), event
    found = [name for name, value in ((await secrets_of(identity, aftermath)) | people).items() if value in text]
    assert found == []


async def test_nobody_is_told_in_an_event_from_where_people_signed_in(identity: Identity, aftermath: Aftermath) -> None:
    told = b"".join(event.SerializeToString() for event in await identity.events_of(aftermath.person.organization))

    assert told
    assert ORIGIN.address.encode() not in told
    assert b"canary-browser" not in told


async def test_no_secret_appears_in_a_refusal(identity: Identity, aftermath: Aftermath) -> None:
    """Trap 7."""
    text = repr([(refusal.message, refusal.facts, refusal.violations) for refusal in aftermath.told])
    people = {"address": aftermath.person.email}

    found = [name for name, value in ((await secrets_of(identity, aftermath)) | people).items() if value in text]
    assert found == []


async def test_no_secret_is_kept_in_the_clear(identity: Identity, aftermath: Aftermath) -> None:
    """Trap 7. Not in events, stored answers or any other row that identity keeps for the organisation."""
    kept = []
    for statement in (
        "SELECT * FROM outbox",
        "SELECT * FROM idempotency_keys",
        "SELECT * FROM sessions",
        "SELECT * FROM organizations",
        "SELECT * FROM refresh_tokens",
        "SELECT * FROM sign_in_failures",
        "SELECT * FROM signing_keys",
        "SELECT * FROM users",
    ):
        async with identity.database.transaction(aftermath.person.organization) as tx:
            kept += await (await tx.execute(statement.encode(), binary=True)).fetchall()
    text = b"\n".join(value if isinstance(value, bytes) else str(value).encode() for row in kept for value in row)

    found = [name for name, value in (await secrets_of(identity, aftermath)).items() if value.encode() in text]
    assert found == []
    assert (await identity.signing_key()).private_key.private_bytes_raw() not in text
