"""An HTTP request of the API answered by its RPC."""

from collections.abc import Mapping
from dataclasses import dataclass

import grpc.aio
from google.protobuf.message import Message
from starlette.responses import Response

from chassis.errors import NotAuthenticated, NotPermitted, RemoteRefusal, UnavailableForNow
from chassis.rpc.client import Peer
from chassis.rpc.origin import Origin
from gateway.access.bearer import bearer_token
from gateway.access.door import Door
from gateway.access.exchanges import Exchanges
from gateway.edge.bodies import Bodies
from gateway.edge.visits import Visit
from gateway.errors import MethodNotAllowed, RouteNotFound
from gateway.rest.contract import Route
from gateway.rest.documents import write_message
from gateway.rest.etags import not_modified
from gateway.rest.requests import idempotency_key, read_request
from gateway.rest.routes import RouteTable

MEDIA_TYPE = "application/json"
MOST_BODY_BYTES = 1024 * 1024
CALL_SECONDS = 15.0

# What a callee says of the token that we brought; the person's own is good, identity said so.
_OUR_TOKEN = frozenset({("rappit", NotAuthenticated.reason)})
_OUR_NAME = _OUR_TOKEN | {("rappit", NotPermitted.reason)}


@dataclass(frozen=True, slots=True)
class _Request:
    """What goes to the callee."""

    message: Message
    idempotency_key: str | None
    access_token: str
    origin: Origin | None
    """Of who is not signed in yet: their session remembers it."""


class Rest:
    """The REST API: `peers` are the services by name, all that the routes call."""

    def __init__(
        self, routes: list[Route], peers: Mapping[str, Peer], exchanges: Exchanges, bodies: Bodies, door: Door
    ) -> None:
        self._routes = RouteTable(routes)
        self._peers = peers
        self._exchanges = exchanges
        self._door = door
        self._bodies = bodies
        self._methods = {route.rpc: _method(peers[route.callee], route) for route in routes}

    async def __call__(self, visit: Visit) -> Response:
        """Raises a Refusal or EdgeRefusal."""
        found = self._routes.find(visit.raw_path)
        if found is None:
            raise RouteNotFound
        allowed = {*found.methods, "OPTIONS"} | ({"HEAD"} if "GET" in found.methods else set())
        visit.route = next(iter(found.methods.values())).path
        if visit.method == "OPTIONS":
            return Response(status_code=204, headers={"allow": ", ".join(sorted(allowed))})
        # The server leaves out the body of an answer to HEAD.
        route = found.methods.get("GET" if visit.method == "HEAD" else visit.method)
        if route is None:
            raise MethodNotAllowed(allowed)
        visit.facts["rpc"] = route.rpc
        return await self._serve(route, found.values, visit)

    async def _serve(self, route: Route, values: tuple[str, ...], visit: Visit) -> Response:
        await self._door.admit(visit)
        # Who has no token learns nothing else.
        token = bearer_token(visit.header(b"authorization")) if route.access.users else ""
        key = idempotency_key(route, visit)
        async with self._bodies.read(visit, most_bytes=MOST_BODY_BYTES) as body:
            message = read_request(route, values, visit, body)
        request = _Request(message, key, token, None if token else self._origin(visit))
        answer = await (self._call_as_person(route, request, visit) if token else self._call_as_gateway(route, request))
        etag = getattr(answer, route.versioned_field).etag if route.versioned_field else ""
        if etag:
            visit.headers_out[b"etag"] = f'"{etag}"'.encode()
        if route.access.reads and not_modified(visit.header(b"if-none-match"), etag):
            return Response(status_code=304)
        return Response(write_message(answer), media_type=MEDIA_TYPE)

    async def _call_as_person(self, route: Route, request: _Request, visit: Visit) -> Message:
        for attempt in range(2):
            person = await self._exchanges.exchanged(request.access_token, route.callee)
            if not attempt:
                await self._door.admit_person(visit, person)
            try:
                return await self._call(route, request, person.token)
            except RemoteRefusal as refusal:
                if (refusal.domain, refusal.reason) not in _OUR_TOKEN:
                    raise
                # Exchanged before identity's keys changed, perhaps: nothing was done yet, so once more with a new one.
                self._exchanges.forget(request.access_token, route.callee)
        raise UnavailableForNow(route.callee)

    async def _call_as_gateway(self, route: Route, request: _Request) -> Message:
        try:
            return await self._call(route, request, None)
        except RemoteRefusal as refusal:
            if (refusal.domain, refusal.reason) in _OUR_NAME:
                raise UnavailableForNow(route.callee) from refusal
            raise

    def _origin(self, visit: Visit) -> Origin:
        return Origin(self._door.address_of(visit), visit.header(b"user-agent").decode("latin-1"))

    async def _call(self, route: Route, request: _Request, token: str | None) -> Message:
        return await self._peers[route.callee].call(
            self._methods[route.rpc],
            request.message,
            token=token,
            cause=route.rpc,
            idempotency_key=request.idempotency_key,
            origin=request.origin,
            timeout=CALL_SECONDS,
        )


def _method(peer: Peer, route: Route) -> "grpc.aio.UnaryUnaryMultiCallable[Message, Message]":
    return peer.channel.unary_unary(
        f"/{route.rpc}",
        request_serializer=route.request_type.SerializeToString,
        response_deserializer=route.response_type.FromString,
    )
