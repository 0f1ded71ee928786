"""RemoveMember."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any
from uuid import UUID, uuid4

import pytest

from chassis.errors import RemoteRefusal
from identity.roles.role import Role
from rappit.identity.v1.members_pb2 import (
    ChangeMemberRoleRequest,
    ListMembersRequest,
    RemoveMemberRequest,
)
from tests.given.locks import waits_for
from tests.given.people import Identity, Person
from tests.given.refusals import refused


@pytest.fixture
async def admin(identity: Identity) -> Person:
    return await identity.new_person()


async def remove(identity: Identity, admin: Person, user_id: UUID) -> None:
    await identity.call(admin, identity.members.RemoveMember, RemoveMemberRequest(user_id=str(user_id)))


async def demote(identity: Identity, admin: Person, user_id: UUID) -> None:
    request = ChangeMemberRoleRequest(user_id=str(user_id), role="VIEWER")
    await identity.call(admin, identity.members.ChangeMemberRole, request)


async def test_the_person_is_out_here_and_stays_in_elsewhere(identity: Identity, admin: Person) -> None:
    colleague = await identity.new_colleague(admin)
    at_home = await identity.sign_in(colleague.email)
    await remove(identity, admin, colleague.user_id)

    with refused("TOKEN_INVALID"):
        await identity.exchange(colleague.tokens.access_token)
    with refused("REFRESH_TOKEN_INVALID"):
        await identity.refresh(colleague.tokens.refresh_token)
    with refused("NOT_A_MEMBER"):
        await identity.sign_in(colleague.email, organization=str(admin.organization))
    assert await identity.exchange(at_home.access_token)
    _, told = await identity.events_of(admin.organization)
    assert told.user_access_changed.user_id == str(colleague.user_id)


async def test_the_last_admin_stays(identity: Identity, admin: Person) -> None:
    """Trap 6. And keeps the session."""
    await identity.add_member(admin, Role.MANAGER)

    with refused("LAST_ADMIN"):
        await remove(identity, admin, admin.user_id)
    assert await identity.exchange(admin.tokens.access_token)


@pytest.mark.parametrize("acts", [(remove, remove), (demote, demote), (remove, demote)])
async def test_of_two_admins_who_leave_at_once_one_stays(
    identity: Identity, admin: Person, acts: tuple[Callable[[Identity, Person, UUID], Coroutine[Any, Any, None]], ...]
) -> None:
    """Trap 6. Both are let go in the same instant: held up by a lock on the organisation, they were both admins when
    they began."""
    other = await identity.new_colleague(admin, Role.ADMIN)
    async with identity.database.transaction(admin.organization) as tx:
        await tx.execute("SELECT FROM organizations FOR NO KEY UPDATE")
        process = tx.info.backend_pid
        acting = [
            asyncio.create_task(act(identity, person, person.user_id))
            for act, person in zip(acts, (admin, other), strict=True)
        ]
        await waits_for(identity.database, process, count=2)
    ended = await asyncio.gather(*acting, return_exceptions=True)

    refusals = [each for each in ended if each is not None]
    assert [each.reason for each in refusals if isinstance(each, RemoteRefusal)] == ["LAST_ADMIN"]
    assert len(refusals) == 1
    left = admin if ended[0] is not None else other
    answer = await identity.call(left, identity.members.ListMembers, ListMembersRequest())
    assert [member.user_id for member in answer.members if member.role == "ADMIN"] == [str(left.user_id)]


async def test_nobody_of_another_organization_is_removed(identity: Identity, admin: Person) -> None:
    """Trap 2."""
    stranger = await identity.new_person()

    for user_id in (stranger.user_id, uuid4()):
        with refused("MEMBER_NOT_FOUND"):
            await remove(identity, admin, user_id)
    assert await identity.exchange(stranger.tokens.access_token)
