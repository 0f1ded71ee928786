"""The client has what the contract has: a method per RPC with a route, a class per reason, a name per message."""

import importlib
import inspect
from collections.abc import Callable, Iterator
from typing import Any, assert_type, cast, get_type_hints

import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from gateway.edge.visits import Visit
from gateway.rest.contract import Route, read_routes
from gateway.rest.documents import write_message
from gateway.rest.requests import idempotency_key, read_request
from gateway.rest.routes import RouteTable
from rappit.inventory.v1.items_pb2 import Item
from rappit_client import RappitClient, errors
from rappit_client.gen.contexts import Contexts
from rappit_client.inventory import CreateItemRequest, CreateItemResponse, GetItemRequest
from rappit_client.rpc import Rpc
from rappit_client.transcoding import read_answer, write_request
from tests.architecture.test_reasons import reasons
from tests.gateway.rest.examples import example

ROUTES = {route.rpc: route for route in read_routes()}
TABLE = RouteTable(ROUTES.values())
CONTEXTS = {name: importlib.import_module(f"rappit_client.gen.{name}") for name in {r.callee for r in ROUTES.values()}}
RPCS: dict[str, Rpc[Any]] = {
    value.name: value for module in CONTEXTS.values() for value in vars(module).values() if isinstance(value, Rpc)
}


def method(route: Route) -> Callable[..., Any]:
    """The client's method of an RPC."""
    module = CONTEXTS[route.callee]
    (name,) = [name for name, value in vars(module).items() if value is RPCS[route.rpc]]
    return cast("Callable[..., Any]", getattr(getattr(module, route.callee.capitalize()), name.lower()))


async def nothing() -> Any:
    raise AssertionError


def test_every_rpc_with_a_route_is_a_method_and_no_other_is() -> None:
    assert set(RPCS) == set(ROUTES)
    assert len({method(route) for route in ROUTES.values()}) == len(ROUTES)
    assert set(vars(Contexts(cast("Any", None)))) == set(CONTEXTS)


@pytest.mark.parametrize("rpc", ROUTES)
def test_its_types_are_the_contracts_and_it_says_what_it_does(rpc: str) -> None:
    route, of = ROUTES[rpc], method(ROUTES[rpc])
    hints = get_type_hints(of)

    assert hints["request"] in (route.request_type, route.request_type | None)
    assert hints["return"] is route.response_type
    assert ("idempotency_key" in hints) == route.access.idempotency_key
    assert len(inspect.getdoc(of) or "") > 30
    assert route.path in (of.__doc__ or "")
    assert route.access.permission in (of.__doc__ or "")


@pytest.mark.parametrize("rpc", ROUTES)
def test_the_gateway_reads_what_the_client_writes_and_the_other_way_round(rpc: str) -> None:
    route, request = ROUTES[rpc], example(ROUTES[rpc].request_type)
    written = write_request(RPCS[rpc], request)
    path, _, query = written.target.partition("?")
    key = [(b"idempotency-key", b"a-key")] if RPCS[rpc].takes_key else []
    visit = Visit({"method": written.method, "query_string": query.encode(), "headers": key}, nothing)

    found = TABLE.find(path)
    assert found is not None
    assert found.methods[written.method].rpc == rpc
    assert read_request(route, found.values, visit, written.body) == request
    assert bool(idempotency_key(route, visit)) == RPCS[rpc].takes_key
    assert RPCS[rpc].signed_in == route.access.users
    answer = example(route.response_type)
    assert read_answer(RPCS[rpc], write_message(answer)) == answer


@pytest.mark.parametrize("rpc", ROUTES)
def test_an_empty_request_is_written_too(rpc: str) -> None:
    """Fields that are not set are left to the server, also such that know whether they were set."""
    request = ROUTES[rpc].request_type()
    for name in ROUTES[rpc].template.fields:
        setattr(request, name, "x" if isinstance(getattr(request, name), str) else 1)

    body = write_request(RPCS[rpc], request).body

    assert body == (b"{}" if RPCS[rpc].has_body else b"")


def test_every_list_with_pages_can_be_gone_through() -> None:
    paged = {
        rpc: method(route)
        for rpc, route in ROUTES.items()
        if "next_page_token" in cast("Descriptor", route.response_type.DESCRIPTOR).fields_by_name
    }
    classes = {getattr(module, name.capitalize()) for name, module in CONTEXTS.items()}
    iterators = [name for kind in classes for name in vars(kind) if name.startswith("all_")]

    assert len(iterators) == len(paged) > 5
    assert {"all_orders", "all_items", "all_explain_level_entries"} <= set(iterators)


def test_every_reason_is_a_class_below_refused() -> None:
    wanted = {name for names in reasons().values() for name in names}
    found = {name for name, value in vars(errors).items() if _is_class(value) and issubclass(value, errors.Refused)}

    assert found == {"Refused", *wanted}
    assert all((getattr(errors, name).__doc__ or "") for name in wanted)


def _is_class(value: object) -> bool:
    return inspect.isclass(value) and value.__module__.startswith("rappit_client")


def test_every_message_of_a_method_has_its_name_beside_it() -> None:
    """`rappit_client.orders` and its like: one module per context, written by hand, with all that the contract says."""
    for route in ROUTES.values():
        module = importlib.import_module(f"rappit_client.{route.callee}")
        for kind in (route.request_type, route.response_type):
            missing = [name for name in _types(cast("Descriptor", kind.DESCRIPTOR)) if not hasattr(module, name)]
            assert missing == []


def _types(message: Descriptor) -> Iterator[str]:
    """Names of a message of ours and of all that is in it."""
    waiting, seen = [message], set()
    while waiting:
        message = waiting.pop()
        if message.full_name in seen or not message.full_name.startswith("rappit."):
            continue
        seen.add(message.full_name)
        if not message.GetOptions().map_entry:
            yield message.name
        fields: list[FieldDescriptor] = list(message.fields)
        yield from (field.enum_type.name for field in fields if field.enum_type is not None)
        waiting += [field.message_type for field in fields if field.message_type is not None]


async def _what_mypy_must_see(rappit: RappitClient) -> None:
    """Never run: `make lint` fails where a type is lost, for then an `ignore` has nothing to ignore."""
    made = await rappit.inventory.create_item(CreateItemRequest(sku="MUG", name="Mug"), timeout=2, idempotency_key="k")
    assert_type(made, CreateItemResponse)
    assert_type(made.item, Item)
    async for item in rappit.inventory.all_items():
        assert_type(item, Item)
    await rappit.inventory.create_item(GetItemRequest())  # type: ignore[arg-type]
    await rappit.inventory.get_item(GetItemRequest(), idempotency_key="k")  # type: ignore[call-arg]
    await rappit.inventory.get_item(GetItemRequest(item="x"))  # type: ignore[call-arg]
    await rappit.inventory.get_item()  # type: ignore[call-arg]
    made.item.colour  # type: ignore[attr-defined]  # noqa: B018
    assert isinstance(made, Message)
