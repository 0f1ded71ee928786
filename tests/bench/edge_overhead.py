"""edge-overhead: GET one order through the gateway, and the same RPC called directly, one caller."""

from rappit.orders.v1.orders_pb2 import GetOrderRequest
from rappit.orders.v1.orders_pb2_grpc import OrderServiceStub
from tests.bench.load import closed_loop
from tests.bench.place import Place
from tests.bench.result import Goal, Result, Wrong
from tests.given.merchants import order_of


async def edge_overhead(place: Place, seconds: float) -> list[Result]:
    """How much longer an answer takes by way of the edge."""
    await place.merchant.stock("EDGE", 10)
    await place.merchant.connect()
    await place.merchant.deliver(order_of("#1", ("EDGE", 1)))
    order = (await place.merchant.order("#1", "RESERVED"))["id"]
    request = GetOrderRequest(order_id=order)
    async with place.caller("orders") as (channel, metadata):
        get_order = OrderServiceStub(channel).GetOrder

        async def directly() -> None:
            answer = await get_order(request, metadata=await metadata(), timeout=5.0)
            if answer.order.id != order:
                raise Wrong(f"asked for {order}, answered with {answer.order.id}")

        async def through_the_gateway() -> None:
            answer = await place.merchant.get(f"/v1/orders/{order}")
            if answer["order"]["id"] != order:
                raise Wrong(f"asked for {order}, answered with {answer['order']['id']}")

        direct = await closed_loop(1, seconds, directly)
        edge = await closed_loop(1, seconds, through_the_gateway)
    return [
        Result(
            name="edge-overhead",
            what="p50 of GET an order",
            figure=edge.percentile(0.5) * 1000,
            unit="ms",
            against="the RPC itself",
            yardstick=direct.percentile(0.5) * 1000,
            goal=Goal(at_most=2.5),
            costs={"p99 ms": f"{edge.percentile(0.99) * 1000:.1f}, directly {direct.percentile(0.99) * 1000:.1f}"},
            checked=["each answer was the order asked for"],
        )
    ]
