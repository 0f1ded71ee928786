"""ChangeMemberRole."""

from uuid import UUID

import jwt
import pytest

from chassis.permissions import permissions_of_roles
from identity.roles.role import Role
from rappit.identity.v1.members_pb2 import ChangeMemberRoleRequest, Member
from tests.given.people import Identity, Person
from tests.given.refusals import refused


@pytest.fixture
async def admin(identity: Identity) -> Person:
    return await identity.new_person()


async def change(identity: Identity, admin: Person, user_id: UUID, role: str, etag: str = "") -> Member:
    request = ChangeMemberRoleRequest(user_id=str(user_id), role=role, etag=etag)
    member: Member = (await identity.call(admin, identity.members.ChangeMemberRole, request)).member
    return member


async def test_the_next_token_says_what_the_new_role_permits_and_the_others_are_told(
    identity: Identity, admin: Person
) -> None:
    colleague = await identity.new_colleague(admin)
    member = await change(identity, admin, colleague.user_id, "VIEWER", etag="1")
    claims = jwt.decode(await identity.exchange(colleague.tokens.access_token), options={"verify_signature": False})

    assert (member.role, member.etag) == ("VIEWER", "2")
    assert set(claims["perms"]) == permissions_of_roles()["VIEWER"]
    _, told = await identity.events_of(admin.organization)
    assert told.user_access_changed.user_id == str(colleague.user_id)
    assert told.header.cause == "rappit.identity.v1.MemberService/ChangeMemberRole"


async def test_a_role_that_was_changed_since_it_was_read_stays(identity: Identity, admin: Person) -> None:
    colleague = await identity.add_member(admin)
    await change(identity, admin, colleague, "VIEWER", etag="1")

    with refused("CHANGED_MEANWHILE") as refusal:
        await change(identity, admin, colleague, "MANAGER", etag="1")
    assert refusal.error.facts == {"etag": "2"}


async def test_the_same_role_changes_nothing(identity: Identity, admin: Person) -> None:
    member = await change(identity, admin, admin.user_id, "ADMIN")

    assert member.etag == "1"
    assert len(await identity.events_of(admin.organization)) == 1


async def test_the_last_admin_stays_one(identity: Identity, admin: Person) -> None:
    """Trap 6. Managers are no admins, and neither are admins of other organisations."""
    await identity.new_person()
    await identity.add_member(admin, Role.MANAGER)

    with refused("LAST_ADMIN"):
        await change(identity, admin, admin.user_id, "MANAGER")
    await identity.add_member(admin, Role.ADMIN)
    assert (await change(identity, admin, admin.user_id, "MANAGER")).role == "MANAGER"


async def test_nobody_of_another_organization_is_changed(identity: Identity, admin: Person) -> None:
    """Trap 2."""
    stranger = await identity.new_person()

    with refused("MEMBER_NOT_FOUND"):
        await change(identity, admin, stranger.user_id, "VIEWER")
    claims = jwt.decode(await identity.exchange(stranger.tokens.access_token), options={"verify_signature": False})
    assert set(claims["perms"]) == permissions_of_roles()["ADMIN"]


async def test_nothing_changes_while_the_organization_is_suspended(identity: Identity, admin: Person) -> None:
    """Trap 5. A token that was exchanged before lives on for a minute, and is of no use."""
    colleague = await identity.add_member(admin)
    token = await identity.exchange(admin.tokens.access_token)
    await identity.set_state(admin.organization, "SUSPENDED")

    request = ChangeMemberRoleRequest(user_id=str(colleague), role="ADMIN")
    with refused("ORGANIZATION_NOT_ACTIVE"):
        await identity.peer.call(identity.members.ChangeMemberRole, request, token=token, idempotency_key="k")
