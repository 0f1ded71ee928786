"""AcceptInvitation."""

import asyncio
import base64
from uuid import UUID

import jwt
import pytest

from chassis.permissions import permissions_of_roles
from identity.invitations.invitation_token import new_invitation_token
from identity.sessions.lockout import FREE_FAILURES
from tests.given.people import PASSWORD, Identity, Person, new_email
from tests.given.refusals import refused


@pytest.fixture
async def admin(identity: Identity) -> Person:
    return await identity.new_person()


async def test_somebody_new_gets_an_account_and_the_role(identity: Identity, admin: Person) -> None:
    email = new_email()
    invited = await identity.invite(admin, email, "MANAGER")
    answer = await identity.accept(invited.accept_path, display_name="Omar")
    tokens = await identity.sign_in(email)
    claims = jwt.decode(await identity.exchange(tokens.access_token), options={"verify_signature": False})

    assert (answer.user.email, answer.user.display_name) == (email, "Omar")
    assert answer.organization.id == tokens.organization_id == str(admin.organization)
    assert set(claims["perms"]) == permissions_of_roles()["MANAGER"]


async def test_somebody_with_an_account_joins_with_its_password(identity: Identity, admin: Person) -> None:
    stranger = await identity.new_person()
    invited = await identity.invite(admin, stranger.email)
    with refused("PASSWORD_WRONG") as refusal:
        await identity.accept(invited.accept_path, password="not the password")
    answer = await identity.accept(invited.accept_path, display_name="Another")

    assert [violation.field for violation in refusal.error.violations] == ["password"]
    assert UUID(answer.user.id) == stranger.user_id
    assert answer.user.display_name != "Another"
    for organization in (admin.organization, stranger.organization):
        await identity.sign_in(stranger.email, organization=str(organization))


async def test_guesses_of_the_password_count_with_those_of_signing_in(identity: Identity, admin: Person) -> None:
    stranger = await identity.new_person()
    invited = await identity.invite(admin, stranger.email)
    for _ in range(FREE_FAILURES):
        with refused("PASSWORD_WRONG"):
            await identity.accept(invited.accept_path, password="not the password")

    with refused("TOO_MANY_ATTEMPTS"):
        await identity.accept(invited.accept_path)
    with refused("TOO_MANY_ATTEMPTS"):
        await identity.sign_in(stranger.email)


async def test_it_is_good_once(identity: Identity, admin: Person) -> None:
    """Trap 6. Of two at once one is let in, and none later."""
    invited = await identity.invite(admin, new_email())
    ended = await asyncio.gather(*(identity.accept(invited.accept_path) for _ in range(2)), return_exceptions=True)

    (reason,) = [str(getattr(each, "reason", "")) for each in ended if isinstance(each, Exception)]
    assert reason == "INVITATION_NOT_OPEN"
    with refused("INVITATION_NOT_OPEN") as refusal:
        await identity.accept(invited.accept_path)
    assert refusal.error.facts == {"state": "ACCEPTED"}


async def test_an_expired_one_is_refused(identity: Identity, admin: Person) -> None:
    """Trap 6."""
    invited = await identity.invite(admin, new_email())
    await identity.expire_invitation(admin, invited.invitation.id)

    with refused("INVITATION_NOT_OPEN") as refusal:
        await identity.accept(invited.accept_path)
    assert refusal.error.facts == {"state": "EXPIRED"}


async def test_a_guessed_one_is_refused(identity: Identity, admin: Person) -> None:
    """Trap 6. Of the right organisation, of the right length, or no token at all."""
    invited = await identity.invite(admin, new_email())
    real = invited.accept_path.partition("#")[2]
    of_another = base64.urlsafe_b64encode(bytes(16) + base64.urlsafe_b64decode(real)[16:]).decode()
    for guess in (new_invitation_token(admin.organization).text, of_another, real[:-4], "x", "\u00e9" * 64):
        with refused("INVITATION_NOT_FOUND"):
            await identity.accept(f"#{guess}")


async def test_a_weak_password_makes_no_account(identity: Identity, admin: Person) -> None:
    invited = await identity.invite(admin, new_email())

    for weak in ("123456789012", "kettle dawn"):
        with refused("PASSWORD_TOO_WEAK"):
            await identity.accept(invited.accept_path, password=weak)
    await identity.accept(invited.accept_path, password=PASSWORD)


async def test_nobody_joins_a_suspended_organization(identity: Identity, admin: Person) -> None:
    """Trap 5. The link is as good as it was when the organisation is active again."""
    invited = await identity.invite(admin, new_email())
    await identity.set_state(admin.organization, "SUSPENDED")
    with refused("ORGANIZATION_NOT_ACTIVE"):
        await identity.accept(invited.accept_path)
    await identity.set_state(admin.organization, "ACTIVE")

    await identity.accept(invited.accept_path)
