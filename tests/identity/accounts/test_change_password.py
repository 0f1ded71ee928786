"""ChangePassword."""

import pytest

from identity.accounts.sql import credential_of_user
from identity.errors import CredentialsWrong
from identity.sessions.device import Device
from identity.sessions.lockout import FREE_FAILURES
from identity.sessions.sign_in import Attempt, open_session
from rappit.identity.v1.accounts_pb2 import ChangePasswordRequest
from tests.given.people import PASSWORD, Identity, Person
from tests.given.refusals import refused

NEW = "seven blue lanterns"


@pytest.fixture
async def person(identity: Identity) -> Person:
    return await identity.new_person()


async def change(
    identity: Identity, person: Person, current: str = PASSWORD, new: str = NEW, *, key: str | None = None
) -> None:
    request = ChangePasswordRequest(current_password=current, new_password=new)
    await identity.call(person, identity.accounts.ChangePassword, request, key=key)


async def test_the_new_password_opens_and_the_old_one_does_not(identity: Identity, person: Person) -> None:
    await change(identity, person)

    assert await identity.exchange((await identity.sign_in(person.email, NEW)).access_token)
    with refused("CREDENTIALS_WRONG"):
        await identity.sign_in(person.email, PASSWORD)


async def test_every_other_session_ends_in_every_organization(identity: Identity, person: Person) -> None:
    """Whoever knew the old password is out; whoever changed it is not."""
    other = await identity.new_session(person)
    elsewhere = await identity.as_member(person, await identity.new_person())
    await change(identity, person)

    for session in (other, elsewhere):
        with refused("REFRESH_TOKEN_INVALID"):
            await identity.refresh(session.tokens.refresh_token)
        with refused("TOKEN_INVALID"):
            await identity.exchange(session.tokens.access_token)
    assert await identity.exchange(person.tokens.access_token)
    *_, told = await identity.events_of(person.organization)
    assert told.user_access_changed.user_id == str(person.user_id)


async def test_a_sign_in_that_verified_the_old_password_opens_nothing(identity: Identity, person: Person) -> None:
    """It is between its check and its session when the password changes."""
    async with identity.database.directory() as tx:
        verified = await credential_of_user(tx, person.user_id)
    assert verified is not None
    attempt = Attempt(person.email, person.password, None, Device())
    await change(identity, person)

    with pytest.raises(CredentialsWrong):
        async with identity.database.transaction(person.organization) as tx:
            await open_session(tx, identity.clock, person.user_id, verified.session_epoch, attempt)


async def test_a_repeat_is_answered_and_another_change_under_its_key_is_none(
    identity: Identity, person: Person
) -> None:
    for _ in range(2):
        await change(identity, person, key="one key")
    with refused("PASSWORD_WRONG"):
        await change(identity, person, new="eight red lanterns", key="one key")

    await identity.sign_in(person.email, NEW)


async def test_a_wrong_password_changes_nothing_and_is_counted_with_those_of_signing_in(
    identity: Identity, person: Person
) -> None:
    with refused("PASSWORD_WRONG") as refusal:
        await change(identity, person, "not the password")
    for _ in range(FREE_FAILURES - 1):
        with refused("PASSWORD_WRONG"):
            await change(identity, person, "not the password")
    with refused("TOO_MANY_ATTEMPTS"):
        await change(identity, person)
    with refused("TOO_MANY_ATTEMPTS"):
        await identity.sign_in(person.email)

    assert [violation.field for violation in refusal.error.violations] == ["current_password"]


async def test_a_password_that_is_guessed_first_is_refused(identity: Identity, person: Person) -> None:
    with refused("PASSWORD_TOO_WEAK") as refusal:
        await change(identity, person, new="123456789012")

    assert [violation.field for violation in refusal.error.violations] == ["new_password"]
    await identity.sign_in(person.email, PASSWORD)
