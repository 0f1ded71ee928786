"""GetJsonWebKeySet."""

import json

import jwt
import pytest

from chassis.rpc.client import Peer
from rappit.identity.v1.tokens_pb2 import GetJsonWebKeySetRequest
from rappit.identity.v1.tokens_pb2_grpc import TokenServiceStub
from tests.given.people import Identity
from tests.given.refusals import refused


async def key_set(identity: Identity, caller: str = "gateway") -> str:
    peer = Peer("identity", identity.address, identity.keys.signer(caller))
    try:
        answer = await peer.call(TokenServiceStub(peer.channel).GetJsonWebKeySet, GetJsonWebKeySetRequest())
    finally:
        await peer.close()
    return answer.json


async def test_its_keys_verify_access_tokens_and_internal_tokens(identity: Identity) -> None:
    person = await identity.new_person()
    keys = jwt.PyJWKSet.from_json(await key_set(identity))
    internal = await identity.exchange(person.tokens.access_token, "orders")

    for token, audience in ((person.tokens.access_token, "gateway"), (internal, "orders")):
        key = keys[jwt.get_unverified_header(token)["kid"]]
        claims = jwt.decode(token, key, algorithms=["EdDSA"], audience=audience, issuer="identity")
        assert claims["sub"] == str(person.user_id)


async def test_it_shows_public_keys_alone(identity: Identity) -> None:
    keys = json.loads(await key_set(identity))["keys"]

    assert keys
    assert all(set(key) == {"kty", "crv", "alg", "use", "kid", "x"} for key in keys)


@pytest.mark.parametrize("caller", ["orders", "inventory", "shipping", "identity"])
async def test_every_service_may_read_them(identity: Identity, caller: str) -> None:
    assert json.loads(await key_set(identity, caller))["keys"]


async def test_a_person_may_not(identity: Identity) -> None:
    person = await identity.new_person()
    token = await identity.exchange(person.tokens.access_token)

    with refused("NOT_PERMITTED"):
        await identity.peer.call(identity.tokens.GetJsonWebKeySet, GetJsonWebKeySetRequest(), token=token)
