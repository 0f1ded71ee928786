"""ListRoles."""

from chassis.permissions import access_of, rpcs
from rappit.identity.v1.roles_pb2 import ListRolesRequest
from tests.given.people import Identity


async def test_the_four_roles_least_first_each_with_what_the_contract_gives_it(identity: Identity) -> None:
    person = await identity.new_person()
    token = await identity.exchange(person.tokens.access_token)
    answer = await identity.peer.call(identity.roles.ListRoles, ListRolesRequest(), token=token)
    held = {role.name: set(role.permissions) for role in answer.roles}

    assert list(held) == ["VIEWER", "OPERATOR", "MANAGER", "ADMIN"]
    assert held["VIEWER"] < held["OPERATOR"] < held["MANAGER"] < held["ADMIN"]
    assert held["ADMIN"] == {access_of(rpc).permission for rpc in rpcs()} - {""}
    assert all(list(role.permissions) == sorted(role.permissions) for role in answer.roles)
