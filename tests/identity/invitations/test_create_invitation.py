"""CreateInvitation."""

import asyncio
from datetime import UTC

import pytest

from identity.invitations.invitation import LIFE
from identity.invitations.invitation_token import read_invitation_token
from rappit.identity.v1.invitations_pb2 import INVITATION_STATE_PENDING
from tests.given.log_lines import LogLines
from tests.given.people import Identity, Person, new_email
from tests.given.refusals import refused


@pytest.fixture
async def admin(identity: Identity) -> Person:
    return await identity.new_person()


async def test_the_link_is_given_once_and_kept_nowhere(identity: Identity, admin: Person, log_lines: LogLines) -> None:
    """Trap 7. Neither in a row, nor in a stored answer, nor in a log."""
    email = new_email()
    answer = await identity.invite(admin, email.upper(), "MANAGER", key="k")
    repeat = await identity.invite(admin, email.upper(), "MANAGER", key="k")
    invitation = answer.invitation
    path, _, token = answer.accept_path.partition("#")
    async with identity.database.transaction(admin.organization) as tx:
        rows = [
            *await (await tx.execute("SELECT * FROM invitations", binary=True)).fetchall(),
            *await (await tx.execute("SELECT * FROM idempotency_keys", binary=True)).fetchall(),
        ]
    kept = b"\n".join(value if isinstance(value, bytes) else str(value).encode() for row in rows for value in row)

    assert (invitation.email, invitation.role, invitation.state) == (email, "MANAGER", INVITATION_STATE_PENDING)
    assert invitation.expire_time.ToDatetime(UTC) - invitation.create_time.ToDatetime(UTC) == LIFE
    assert invitation.invited_by == str(admin.user_id)
    assert (path, read_invitation_token(token).organization) == ("/invitations/accept", admin.organization)
    assert (repeat.invitation, repeat.accept_path) == (invitation, "")
    assert invitation.id.encode() in kept
    assert token.encode() not in kept
    assert token not in log_lines.text
    assert email not in log_lines.text


async def test_of_two_at_once_one_invites(identity: Identity, admin: Person) -> None:
    email = new_email()
    ended = await asyncio.gather(*(identity.invite(admin, email) for _ in range(2)), return_exceptions=True)

    (reason,) = [str(getattr(each, "reason", "")) for each in ended if isinstance(each, Exception)]
    assert reason == "ALREADY_INVITED"


async def test_a_member_is_not_invited(identity: Identity, admin: Person) -> None:
    """Somebody with an account elsewhere is."""
    stranger = await identity.new_person()

    with refused("ALREADY_A_MEMBER"):
        await identity.invite(admin, admin.email.upper())
    assert (await identity.invite(admin, stranger.email)).accept_path


async def test_an_expired_invitation_makes_room_for_another(identity: Identity, admin: Person) -> None:
    email = new_email()
    first = await identity.invite(admin, email)
    await identity.expire_invitation(admin, first.invitation.id)

    assert (await identity.invite(admin, email)).invitation.id != first.invitation.id
