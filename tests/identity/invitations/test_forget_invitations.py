"""Deleting invitations that are long over."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest

from chassis.database import leases
from chassis.database.leases import Lease, LeaseLost
from identity.invitations.forget_invitations import KEPT_AFTER_END, forget_invitations
from identity.invitations.invitation import LIFE
from identity.invitations.resend_invitation import resend_invitation
from rappit.identity.v1.invitations_pb2 import RevokeInvitationRequest
from tests.given.people import Identity, Person, new_email
from tests.given.refusals import refused

MOMENT = timedelta(minutes=1)


@pytest.fixture
async def lease(identity: Identity) -> AsyncIterator[Lease]:
    async with identity.database.directory() as tx:
        taken = await leases.take(tx, "forget_invitations", "test")
    assert taken is not None
    yield taken
    async with identity.database.directory() as tx:
        await taken.give_back(tx)


async def kept(identity: Identity, host: Person) -> int:
    async with identity.database.transaction(host.organization) as tx:
        return (await tx.execute("SELECT FROM invitations")).rowcount


async def test_an_invitation_is_deleted_thirty_days_after_its_link_ended_whatever_became_of_it(
    identity: Identity, lease: Lease
) -> None:
    host = await identity.new_person()
    waiting, accepted, revoked = [await identity.invite(host, new_email()) for _ in range(3)]
    await identity.accept(accepted.accept_path)
    revoke = RevokeInvitationRequest(invitation_id=revoked.invitation.id)
    await identity.call(host, identity.invitations.RevokeInvitation, revoke)
    identity.clock.ahead = LIFE + KEPT_AFTER_END - MOMENT
    await forget_invitations(identity.database, identity.clock, lease)
    before = await kept(identity, host)
    identity.clock.ahead += 2 * MOMENT
    await forget_invitations(identity.database, identity.clock, lease)

    assert (before, await kept(identity, host)) == (3, 0)
    for link in (waiting.accept_path, accepted.accept_path):
        with refused("INVITATION_NOT_FOUND"):
            await identity.accept(link)


async def test_one_that_was_sent_again_meanwhile_is_kept(identity: Identity, lease: Lease) -> None:
    host = await identity.new_person()
    invited = await identity.invite(host, new_email())
    identity.clock.ahead = LIFE + KEPT_AFTER_END - MOMENT
    async with identity.database.transaction(host.organization) as tx:
        _, again = await resend_invitation(tx, identity.clock, UUID(invited.invitation.id))
    identity.clock.ahead += 2 * MOMENT
    await forget_invitations(identity.database, identity.clock, lease)

    assert (await identity.accept(again.accept_path)).organization.id == str(host.organization)


async def test_whoever_lost_the_lease_deletes_nothing(identity: Identity, lease: Lease) -> None:
    """Trap 46."""
    host = await identity.new_person()
    await identity.invite(host, new_email())
    identity.clock.ahead = LIFE + KEPT_AFTER_END + MOMENT
    async with identity.database.directory() as tx:
        await lease.give_back(tx)
    with pytest.raises(LeaseLost):
        await forget_invitations(identity.database, identity.clock, lease)

    assert await kept(identity, host) == 1
