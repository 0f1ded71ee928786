"""ListInvitations."""

from rappit.identity.v1.invitations_pb2 import (
    INVITATION_STATE_EXPIRED,
    INVITATION_STATE_PENDING,
    Invitation,
    ListInvitationsRequest,
    RevokeInvitationRequest,
)
from tests.given.people import Identity, new_email


async def test_the_open_ones_of_the_organization_the_latest_first(identity: Identity) -> None:
    """Trap 2, trap 27. Revoked ones and those of others are not there; each page has one."""
    admin, stranger = await identity.new_person(), await identity.new_person()
    await identity.invite(stranger, new_email())
    made = [(await identity.invite(admin, new_email())).invitation for _ in range(3)]
    await identity.expire_invitation(admin, made[0].id)
    revoke = RevokeInvitationRequest(invitation_id=made[1].id)
    await identity.call(admin, identity.invitations.RevokeInvitation, revoke)
    seen: list[Invitation] = []
    token = ""
    while True:
        request = ListInvitationsRequest(page_size=1, page_token=token)
        answer = await identity.call(admin, identity.invitations.ListInvitations, request)
        seen += answer.invitations
        token = answer.next_page_token
        if not token:
            break

    assert [(each.id, each.state) for each in seen] == [
        (made[2].id, INVITATION_STATE_PENDING),
        (made[0].id, INVITATION_STATE_EXPIRED),
    ]
