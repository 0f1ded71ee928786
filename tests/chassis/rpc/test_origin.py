"""Where a call comes from: the gateway is believed, nobody else."""

from chassis.rpc.client import Peer
from chassis.rpc.context import Context
from chassis.rpc.origin import Origin, origin_of
from rappit.identity.v1.tokens_pb2 import GetJsonWebKeySetRequest
from rappit.identity.v1.tokens_pb2_grpc import TokenServiceStub
from tests.given.served_items import Served

HOME = Origin("203.0.113.7", "curl/8.14")


async def test_the_gateway_says_where_its_call_comes_from_and_nobody_else_does(served: Served) -> None:
    seen: list[Origin] = []

    async def look(_: object, context: Context) -> None:
        seen.append(origin_of(context))

    served.tokens.does = served.items.does = look
    gateway = Peer("inventory", served.address, served.mint.keys.signer("gateway"))
    stub = TokenServiceStub(gateway.channel)
    for origin in (HOME, None, Origin("\n", "Zoë\r\nauthorization: x" + "x" * 9999)):
        await gateway.call(stub.GetJsonWebKeySet, GetJsonWebKeySetRequest(), origin=origin)
    await gateway.close()
    await served.peer.call(served.token_stub.GetJsonWebKeySet, GetJsonWebKeySetRequest(), origin=HOME)
    await served.list_items(origin=HOME)

    believed, nothing, made_up, of_orders, of_a_person = seen
    assert believed == HOME
    assert nothing == of_orders == of_a_person == Origin()
    assert (made_up.address, made_up.agent[:20], len(made_up.agent)) == ("?", "Zo???authorization: ", 512)


def test_it_does_not_show_itself() -> None:
    """Trap 7."""
    assert "203" not in repr(HOME)
    assert "curl" not in repr(HOME)
