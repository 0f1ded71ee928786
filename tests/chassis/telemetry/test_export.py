"""Recorded spans reach a collector by OTLP."""

import asyncio

import grpc.aio
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

from chassis.rpc.context import Context
from chassis.telemetry import traces

EXPORT = "opentelemetry.proto.collector.trace.v1.TraceService"


class Collector:
    """Takes spans and keeps them."""

    def __init__(self) -> None:
        self.taken: list[ExportTraceServiceRequest] = []

    async def export(self, request: ExportTraceServiceRequest, context: Context) -> ExportTraceServiceResponse:
        self.taken.append(request)
        return ExportTraceServiceResponse()

    async def start(self) -> tuple[grpc.aio.Server, int]:
        server = grpc.aio.server()
        handler = grpc.unary_unary_rpc_method_handler(
            self.export, ExportTraceServiceRequest.FromString, ExportTraceServiceResponse.SerializeToString
        )
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(EXPORT, {"Export": handler}),))
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        return server, port


async def test_spans_reach_the_collector_at_the_latest_when_the_process_ends() -> None:
    collector = Collector()
    server, port = await collector.start()
    traces.configure("inventory", f"http://127.0.0.1:{port}", 1.0)
    with traces.span("reserve", organization_id="0192"):
        pass
    await asyncio.to_thread(traces.flush)
    await server.stop(0)

    (taken,) = collector.taken
    (resource,) = taken.resource_spans
    (span,) = resource.scope_spans[0].spans
    named = {attribute.key: attribute.value.string_value for attribute in resource.resource.attributes}
    assert named["service.name"] == "inventory"
    assert span.name == "reserve"
    assert {entry.key: entry.value.string_value for entry in span.attributes} == {"rappit.organization_id": "0192"}
    with traces.span("after the end") as later:
        assert not later.sampled
