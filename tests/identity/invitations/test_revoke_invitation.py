"""RevokeInvitation."""

from uuid import uuid4

import pytest

from rappit.identity.v1.invitations_pb2 import RevokeInvitationRequest
from tests.given.people import Identity, Person, new_email
from tests.given.refusals import refused


@pytest.fixture
async def admin(identity: Identity) -> Person:
    return await identity.new_person()


async def revoke(identity: Identity, admin: Person, invitation: str) -> None:
    request = RevokeInvitationRequest(invitation_id=invitation)
    await identity.call(admin, identity.invitations.RevokeInvitation, request)


async def test_the_link_is_of_no_use_any_more(identity: Identity, admin: Person) -> None:
    """Trap 6."""
    invited = await identity.invite(admin, new_email())
    for _ in range(2):
        await revoke(identity, admin, invited.invitation.id)

    with refused("INVITATION_NOT_OPEN") as refusal:
        await identity.accept(invited.accept_path)
    assert refusal.error.facts == {"state": "REVOKED"}


async def test_one_that_was_accepted_is_not_taken_back(identity: Identity, admin: Person) -> None:
    invited = await identity.invite(admin, new_email())
    await identity.accept(invited.accept_path)

    with refused("INVITATION_NOT_OPEN") as refusal:
        await revoke(identity, admin, invited.invitation.id)
    assert refusal.error.facts == {"state": "ACCEPTED"}


async def test_nobody_revokes_for_another_organization(identity: Identity, admin: Person) -> None:
    """Trap 2."""
    stranger = await identity.new_person()
    invited = await identity.invite(stranger, new_email())

    for invitation in (invited.invitation.id, str(uuid4())):
        with refused("INVITATION_NOT_FOUND"):
            await revoke(identity, admin, invitation)
