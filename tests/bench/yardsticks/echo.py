"""An empty grpc.aio server of the same messages: what this machine and gRPC can do at all.

python -m tests.bench.yardsticks.echo HOST:PORT
"""

import asyncio
import sys
from typing import Any

import grpc
import grpc.aio
import uvloop

from rappit.inventory.v1.reservations_pb2 import Demand, DemandLine, ReserveStockRequest, ReserveStockResponse

SERVICE = "rappit.inventory.v1.ReservationService"


async def reserve_stock(request: ReserveStockRequest, context: Any) -> ReserveStockResponse:
    """All of it reserved, at once; as large an answer as the real one."""
    lines = [
        DemandLine(line_id=line.line_id, item_id=line.item_id, wanted=line.quantity, reserved=line.quantity)
        for line in request.lines
    ]
    return ReserveStockResponse(demand=Demand(id=request.demand_id, version=request.version, lines=lines))


async def serve(address: str) -> None:
    """Until killed."""
    server = grpc.aio.server()
    handler = grpc.unary_unary_rpc_method_handler(
        reserve_stock, ReserveStockRequest.FromString, ReserveStockResponse.SerializeToString
    )
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, {"ReserveStock": handler}),))
    server.add_insecure_port(address)
    await server.start()
    print("ready", flush=True)
    await server.wait_for_termination()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(sys.argv[1]))
