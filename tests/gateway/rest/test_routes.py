from dataclasses import replace

import pytest

from gateway.rest.contract import Route, read_routes
from gateway.rest.routes import RouteTable
from gateway.rest.templates import Template, Variable, parse_template

GET_ORDER = next(route for route in read_routes() if route.rpc.endswith("/GetOrder"))


def route(method: str, path: str) -> Route:
    return replace(GET_ORDER, rpc=f"{method} {path}", method=method, path=path, template=parse_template(path))


TABLE = RouteTable(
    [
        route("GET", "/v1/orders"),
        route("POST", "/v1/orders"),
        route("GET", "/v1/orders/{order_id}"),
        route("GET", "/v1/orders/latest"),
        route("POST", "/v1/orders/{order_id}:cancel"),
        route("GET", "/v1/orders/{order_id}/timeline"),
        route("GET", "/v1/orders/{order_id}/lines/{order_id}"),
        route("POST", "/v1/orders:import"),
    ]
)


def found(path: str) -> tuple[list[str], tuple[str, ...]] | None:
    at = TABLE.find(path)
    return at and ([each.rpc for each in at.methods.values()], at.values)


def test_templates_are_read() -> None:
    assert parse_template("/v1/levels:adjust") == Template(("v1", "levels"), "adjust")
    assert parse_template("/v1/orders/{order_id=*}/timeline") == Template(
        ("v1", "orders", Variable("order_id"), "timeline"), ""
    )
    assert parse_template("/v1/orders/{order_id}:cancel").fields == ("order_id",)


@pytest.mark.parametrize(
    "path",
    ["v1/orders", "/v1/orders/", "/v1//orders", "/v1/{a=**}", "/v1/{a=b/*}", "/v1/{a.b}", "/v1/{A}", "/v1/a:", "/"],
)
def test_a_template_that_cannot_be_served_stops_the_start(path: str) -> None:
    with pytest.raises(ValueError, match="path template"):
        parse_template(path)


def test_two_rpcs_for_one_path_stop_the_start() -> None:
    with pytest.raises(ValueError, match="want the same GET path"):
        RouteTable([route("GET", "/v1/orders/{order_id}"), route("GET", "/v1/orders/{store_id}")])


@pytest.mark.parametrize(
    ("path", "rpcs", "values"),
    [
        ("/v1/orders", ["GET /v1/orders", "POST /v1/orders"], ()),
        ("/v1/orders:import", ["POST /v1/orders:import"], ()),
        ("/v1/orders/7", ["GET /v1/orders/{order_id}"], ("7",)),
        ("/v1/orders/latest", ["GET /v1/orders/latest"], ()),
        ("/v1/orders/latest:cancel", ["POST /v1/orders/{order_id}:cancel"], ("latest",)),
        ("/v1/orders/latest/timeline", ["GET /v1/orders/{order_id}/timeline"], ("latest",)),
        ("/v1/orders/7:cancel", ["POST /v1/orders/{order_id}:cancel"], ("7",)),
        ("/v1/orders/1/lines/2", ["GET /v1/orders/{order_id}/lines/{order_id}"], ("1", "2")),
        ("/v1/orders/a%2Fb%3Ac%20d", ["GET /v1/orders/{order_id}"], ("a/b:c d",)),
        ("/v1/orders/%D9%82", ["GET /v1/orders/{order_id}"], ("ق",)),
    ],
)
def test_a_path_leads_to_its_rpcs(path: str, rpcs: list[str], values: tuple[str, ...]) -> None:
    assert found(path) == (rpcs, values)


@pytest.mark.parametrize(
    "path",
    ["", "/", "/v1", "/v1/", "/v2/orders", "/v1/orders/", "/v1//orders", "/v1/orders//timeline", "/v1/orders/7:",
     "/v1/orders/:cancel", "/v1/orders/7:fly", "/v1/orders/7:cancel:cancel", "/v1/orders:cancel", "/v1/orders/%ff",
     "/v1/orders/7/timeline/", "/v1/orders/../stores", "/v1/" + "a/" * 10_000],
    ids=lambda path: path[:30],
)  # fmt: skip
def test_there_is_nothing_at_any_other_path(path: str) -> None:
    assert found(path) is None
