"""ExchangeToken."""

from datetime import timedelta
from uuid import UUID, uuid4

import jwt
import pytest

from chassis.errors import NotAuthenticated
from chassis.permissions import permissions_of_roles
from chassis.rpc.client import Peer
from chassis.tokens import TokenVerifier, sign
from identity.tokens.access_token import LIFE, AccessToken, encode_access_token
from identity.tokens.signing_key import SigningKey
from rappit.identity.v1.tokens_pb2 import ExchangeTokenRequest, GetJsonWebKeySetRequest
from rappit.identity.v1.tokens_pb2_grpc import TokenServiceStub
from tests.given.people import Identity, Person
from tests.given.refusals import refused


@pytest.fixture
async def person(identity: Identity) -> Person:
    return await identity.new_person()


def verifier(identity: Identity, service: str) -> TokenVerifier:
    """Verifies as a service does: with the keys that identity publishes."""

    async def key_set() -> str:
        return (await identity.peer.call(identity.tokens.GetJsonWebKeySet, GetJsonWebKeySetRequest())).json

    return TokenVerifier(service, identity.keys.public_keys_file, key_set)


async def test_a_service_learns_who_acts_where_and_what_they_may_do(identity: Identity, person: Person) -> None:
    token = await identity.exchange(person.tokens.access_token, "orders")
    caller = await verifier(identity, "orders").verify(token)

    assert caller.name == f"user:{person.user_id}"
    assert caller.organization == person.organization
    assert caller.session_id == UUID(person.tokens.session_id)
    assert caller.permissions == permissions_of_roles()["ADMIN"]


@pytest.mark.parametrize("role", ["VIEWER", "OPERATOR", "MANAGER", "ADMIN"])
async def test_the_permissions_are_those_of_the_role_that_the_person_has_now(
    identity: Identity, person: Person, role: str
) -> None:
    await identity.set_role(person, role)
    token = await identity.exchange(person.tokens.access_token, "inventory")

    assert (await verifier(identity, "inventory").verify(token)).permissions == permissions_of_roles()[role]


async def test_the_token_is_for_its_audience_alone(identity: Identity, person: Person) -> None:
    """Trap 50. A token for orders opens nothing in inventory."""
    token = await identity.exchange(person.tokens.access_token, "orders")

    with pytest.raises(NotAuthenticated, match="another service"):
        await verifier(identity, "inventory").verify(token)


async def test_it_lives_a_minute(identity: Identity, person: Person) -> None:
    claims = jwt.decode(await identity.exchange(person.tokens.access_token), options={"verify_signature": False})

    assert claims["exp"] - claims["iat"] == 60
    assert person.email not in str(claims)


async def test_it_never_outlives_the_access_token(identity: Identity, person: Person) -> None:
    identity.clock.ahead = LIFE - timedelta(seconds=20)
    request = ExchangeTokenRequest(subject_token=person.tokens.access_token, audience="orders")
    answer = await identity.peer.call(identity.tokens.ExchangeToken, request)
    claims = jwt.decode(answer.token, options={"verify_signature": False})

    assert claims["exp"] == answer.expire_time.seconds == person.tokens.access_expire_time.seconds


async def test_an_expired_access_token_is_refused(identity: Identity, person: Person) -> None:
    identity.clock.ahead = LIFE

    with refused("TOKEN_INVALID") as refusal:
        await identity.exchange(person.tokens.access_token)
    assert refusal.error.facts == {"problem": "the token is expired"}


async def test_an_access_token_of_an_ended_session_is_refused(identity: Identity, person: Person) -> None:
    await identity.sign_out(person)

    with refused("TOKEN_INVALID") as refusal:
        await identity.exchange(person.tokens.access_token)
    assert refusal.error.facts == {"problem": "the session has ended"}


async def test_nobody_gets_a_token_in_a_suspended_organization(identity: Identity, person: Person) -> None:
    await identity.set_state(person.organization, "SUSPENDED")

    with refused("ORGANIZATION_NOT_ACTIVE"):
        await identity.exchange(person.tokens.access_token)


async def test_whoever_is_no_member_any_more_gets_no_token(identity: Identity, person: Person) -> None:
    await identity.set_role(person, None)

    with refused("NOT_A_MEMBER"):
        await identity.exchange(person.tokens.access_token)


@pytest.mark.parametrize("caller", ["orders", "inventory", "shipping"])
async def test_only_the_gateway_may_exchange(identity: Identity, person: Person, caller: str) -> None:
    peer = Peer("identity", identity.address, identity.keys.signer(caller))
    request = ExchangeTokenRequest(subject_token=person.tokens.access_token, audience="orders")

    with refused("NOT_PERMITTED"):
        await peer.call(TokenServiceStub(peer.channel).ExchangeToken, request)
    await peer.close()


async def test_an_internal_token_cannot_be_exchanged_for_a_longer_life(identity: Identity, person: Person) -> None:
    internal = await identity.exchange(person.tokens.access_token, "orders")

    with refused("TOKEN_INVALID"):
        await identity.exchange(internal)


@pytest.mark.parametrize("token", ["x", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", "\u00e9" * 20])
async def test_what_is_no_token_is_refused(identity: Identity, token: str) -> None:
    with refused("TOKEN_INVALID"):
        await identity.exchange(token)


async def test_a_token_that_another_key_signed_is_refused(identity: Identity, person: Person) -> None:
    """With the id of our key, or with one of its own."""
    ours = jwt.get_unverified_header(person.tokens.access_token)["kid"]
    now = identity.clock.now().replace(microsecond=0)
    access = AccessToken(person.user_id, person.organization, UUID(person.tokens.session_id), now + LIFE)
    for key_id in (ours, "another"):
        forger = SigningKey(key_id, identity.keys.private_key("gateway"), now, None)
        with refused("TOKEN_INVALID"):
            await identity.exchange(encode_access_token(forger, uuid4(), access, now))


async def test_a_token_of_another_kind_is_refused_though_our_key_signed_it(identity: Identity, person: Person) -> None:
    key = await identity.signing_key()
    claims = jwt.decode(person.tokens.access_token, options={"verify_signature": False})

    assert await identity.exchange(sign(claims, key.private_key, kid=key.id, typ="rappit-access+jwt"))
    with refused("TOKEN_INVALID"):
        await identity.exchange(sign(claims, key.private_key, kid=key.id, typ="JWT"))
    with refused("TOKEN_INVALID"):
        await identity.exchange(sign(claims | {"aud": "orders"}, key.private_key, kid=key.id, typ="rappit-access+jwt"))
    with refused("TOKEN_INVALID"):
        await identity.exchange(sign(claims | {"iss": "me"}, key.private_key, kid=key.id, typ="rappit-access+jwt"))
