"""ResendInvitation."""

import pytest

from identity.invitations.invitation import MOST_SENT
from rappit.identity.v1.invitations_pb2 import ResendInvitationRequest, ResendInvitationResponse
from tests.given.people import Identity, Person, new_email
from tests.given.refusals import refused


@pytest.fixture
async def admin(identity: Identity) -> Person:
    return await identity.new_person()


async def resend(
    identity: Identity, admin: Person, invitation: str, *, key: str | None = None
) -> ResendInvitationResponse:
    request = ResendInvitationRequest(invitation_id=invitation)
    answer: ResendInvitationResponse = await identity.call(
        admin, identity.invitations.ResendInvitation, request, key=key
    )
    return answer


async def test_the_new_link_opens_and_the_one_before_does_not(identity: Identity, admin: Person) -> None:
    """Trap 6. Also for one that has expired."""
    invited = await identity.invite(admin, new_email())
    await identity.expire_invitation(admin, invited.invitation.id)
    again = await resend(identity, admin, invited.invitation.id, key="k")
    repeat = await resend(identity, admin, invited.invitation.id, key="k")

    assert again.invitation.send_count == 2
    assert repeat.accept_path == ""
    with refused("INVITATION_NOT_FOUND"):
        await identity.accept(invited.accept_path)
    await identity.accept(again.accept_path)
    with refused("INVITATION_NOT_OPEN"):
        await resend(identity, admin, invited.invitation.id)


async def test_there_is_an_end_to_resending(identity: Identity, admin: Person) -> None:
    invited = await identity.invite(admin, new_email())
    for _ in range(MOST_SENT - 1):
        await resend(identity, admin, invited.invitation.id)

    with refused("RESEND_LIMIT_REACHED"):
        await resend(identity, admin, invited.invitation.id)


async def test_nobody_resends_for_another_organization(identity: Identity, admin: Person) -> None:
    """Trap 2."""
    invited = await identity.invite(await identity.new_person(), new_email())

    with refused("INVITATION_NOT_FOUND"):
        await resend(identity, admin, invited.invitation.id)
