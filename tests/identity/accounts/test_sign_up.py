"""SignUp."""

import asyncio
from uuid import uuid4

import pytest

from chassis.errors import RemoteRefusal
from chassis.rpc.idempotency import fingerprint
from identity.accounts.account import organization_of_sign_up
from rappit.identity.v1.accounts_pb2 import SignUpRequest, SignUpResponse
from rappit.identity.v1.organizations_pb2 import ORGANIZATION_STATE_ACTIVE
from tests.given.people import PASSWORD, Identity, new_email
from tests.given.refusals import refused


async def test_an_organization_and_its_first_admin_are_made_together(identity: Identity) -> None:
    email = new_email()
    answer = await identity.sign_up(organization_name="سوق البحر", email=email, display_name="سارة")

    assert answer.organization.name == "سوق البحر"
    assert answer.organization.state == ORGANIZATION_STATE_ACTIVE
    assert answer.organization.create_time.ToDatetime() <= identity.clock.now().replace(tzinfo=None)
    assert (answer.user.email, answer.user.display_name) == (email, "سارة")


async def test_the_new_organization_is_told_to_the_other_services_once_and_without_names(identity: Identity) -> None:
    answer = await identity.sign_up()
    (event,) = await identity.events_of(answer.organization.id)

    assert event.header.organization_id == event.header.aggregate_id == answer.organization.id
    assert event.header.aggregate_version == 1
    assert event.header.cause == "rappit.identity.v1.AccountService/SignUp"
    assert event.organization_created.state == ORGANIZATION_STATE_ACTIVE
    text = str(event)
    assert answer.user.email not in text
    assert answer.organization.name not in text
    assert answer.user.display_name not in text


async def test_the_admin_can_sign_in_whatever_the_case_of_the_address(identity: Identity) -> None:
    email = new_email()
    answer = await identity.sign_up(email=email.upper())
    tokens = await identity.sign_in(email)

    assert answer.user.email == email
    assert (tokens.organization_id, tokens.user_id) == (answer.organization.id, answer.user.id)


async def test_five_times_at_once_with_one_key_is_one_organization(identity: Identity) -> None:
    key, email = str(uuid4()), new_email()
    answers = await asyncio.gather(*(identity.sign_up(key=key, email=email) for _ in range(5)), return_exceptions=True)
    answered = [answer for answer in answers if isinstance(answer, SignUpResponse)]
    refusals = [answer for answer in answers if isinstance(answer, RemoteRefusal)]
    repeated = await identity.sign_up(key=key, email=email)

    assert answered
    assert all(answer == repeated for answer in answered)
    assert {refusal.reason for refusal in refusals} <= {"IDEMPOTENCY_KEY_IN_FLIGHT"}
    assert len(answered) + len(refusals) == 5
    assert len(await identity.events_of(repeated.organization.id)) == 1


async def test_two_keys_with_one_address_at_once_make_one_account_whatever_its_case(identity: Identity) -> None:
    email = new_email()
    answers = await asyncio.gather(
        identity.sign_up(email=email), identity.sign_up(email=email.title()), return_exceptions=True
    )
    (made,) = [answer for answer in answers if isinstance(answer, SignUpResponse)]
    (refusal,) = [answer for answer in answers if isinstance(answer, RemoteRefusal)]

    assert (refusal.domain, refusal.reason) == ("identity.rappit", "EMAIL_TAKEN")
    assert refusal.violations == (("email", "has an account"),)
    assert (await identity.sign_in(email)).organization_id == made.organization.id


async def test_a_taken_address_leaves_nothing_of_the_second_sign_up(identity: Identity) -> None:
    email, key = new_email(), str(uuid4())
    await identity.sign_up(email=email)
    with refused("EMAIL_TAKEN"):
        await identity.sign_up(email=email, key=key)

    async with identity.database.transaction(organization_of_sign_up(key, email)) as tx:
        rows = await (await tx.execute("SELECT FROM organizations")).fetchall()
    assert rows == []


async def test_another_request_with_the_same_key_is_refused(identity: Identity) -> None:
    key, email = str(uuid4()), new_email()
    await identity.sign_up(key=key, email=email)

    with refused("IDEMPOTENCY_KEY_REUSED"):
        await identity.sign_up(key=key, email=email, organization_name="Another")
    with refused("IDEMPOTENCY_KEY_REUSED"):
        await identity.sign_up(key=key, email=email, password="another kettle at dusk")


def test_what_is_kept_of_the_request_says_nothing_of_the_password() -> None:
    """A plain hash over the request would be searched for the password, and argon2id would be for nothing."""
    request = SignUpRequest(organization_name="Souq", email="sara@example.com", password=PASSWORD)
    other_password = SignUpRequest(organization_name="Souq", email="sara@example.com", password=PASSWORD + "!")
    other_name = SignUpRequest(organization_name="Suk", email="sara@example.com", password=PASSWORD)

    assert fingerprint(request) == fingerprint(other_password)
    assert fingerprint(request) != fingerprint(other_name)


@pytest.mark.parametrize("password", ["Password1234", "aaaaaaaaaaaa", "123456789012"])
async def test_a_password_that_is_guessed_first_is_refused_and_not_repeated(identity: Identity, password: str) -> None:
    with refused("PASSWORD_TOO_WEAK") as refusal:
        await identity.sign_up(password=password)

    assert [violation.field for violation in refusal.error.violations] == ["password"]
    assert password not in str(refusal.error.violations) + refusal.error.message


async def test_a_user_without_a_name_is_called_as_in_the_address(identity: Identity) -> None:
    email = new_email()

    assert (await identity.sign_up(email=email)).user.display_name == email.partition("@")[0]
