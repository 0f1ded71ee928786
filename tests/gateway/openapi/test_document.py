"""The OpenAPI document against the contract, and every operation of it against the gateway."""

import json
from typing import Any
from urllib.parse import quote

import protovalidate
import pytest
from google.protobuf import json_format
from openapi_spec_validator import OpenAPIV31SpecValidator

from chassis.errors import Refusal
from gateway.edge.statuses import HTTP_STATUS
from gateway.openapi.comments import comments
from gateway.openapi.document import openapi_document
from gateway.openapi.examples import example_of
from gateway.openapi.operations import operation_ids
from gateway.openapi.reasons import declared_reasons, reasons_of
from gateway.rest.contract import Route, read_routes
from tests.gateway.conftest import Served
from tests.gateway.neighbours import Neighbours
from tests.gateway.rest.examples import example
from tests.given.described_api import DescribedApi

ROUTES = {operation_ids(read_routes())[route.rpc]: route for route in read_routes()}
DOCUMENT = openapi_document(ROUTES.values())
OPERATIONS = {
    operation["operationId"]: operation for methods in DOCUMENT["paths"].values() for operation in methods.values()
}
DESCRIBED = DescribedApi(DOCUMENT)


def answer_schema(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = OPERATIONS[name]["responses"]["200"]["content"]["application/json"]["schema"]
    return schema


def test_it_is_openapi() -> None:
    OpenAPIV31SpecValidator(DESCRIBED.document).validate()


def test_every_route_is_an_operation_and_nothing_else_is() -> None:
    described = {(method.upper(), path) for path, methods in DOCUMENT["paths"].items() for method in methods}

    assert described == {(route.method, route.path) for route in ROUTES.values()} | {("GET", "/v1/events")}


def test_everything_is_said_in_words() -> None:
    """The contract's comments are the documentation."""
    silent = [name for name, schema in DOCUMENT["components"]["schemas"].items() if not schema.get("description")]
    silent += [
        f"{name}.{field}"
        for name, schema in DOCUMENT["components"]["schemas"].items()
        for field, inner in schema.get("properties", {}).items()
        if name != "Problem" and not inner["description"].strip()
    ]
    silent += [name for name, operation in OPERATIONS.items() if not operation["description"]]

    assert silent == []
    assert comments()["rappit.orders.v1.OrderService.CancelOrder"] == OPERATIONS["CancelOrder"]["description"]


def test_no_schema_is_left_over() -> None:
    written = json.dumps(DOCUMENT)

    assert [name for name in DOCUMENT["components"]["schemas"] if f'#/components/schemas/{name}"' not in written] == []


@pytest.mark.parametrize("name", ROUTES)
async def test_the_example_of_a_request_is_taken_and_the_answer_fits_its_schema(
    gateway: Served, neighbours: Neighbours, name: str
) -> None:
    route, operation = ROUTES[name], OPERATIONS[name]
    body = operation["requestBody"]["content"]["application/json"] if "requestBody" in operation else None
    headers = neighbours.sign_in().headers if operation["security"] else {}
    query: list[Any] = []
    path = route.path
    sent = json_format.MessageToDict(example_of(route.request_type))
    for parameter in operation["parameters"]:
        if parameter["in"] == "path":
            value = sent[route.request_type.DESCRIPTOR.fields_by_name[parameter["name"]].camelcase_name]
            path = path.replace(f"{{{parameter['name']}}}", quote(value))
        elif parameter["in"] == "query" and parameter["required"]:
            query.append((parameter["name"], str(sent[parameter["name"]])))
        elif parameter["in"] == "header" and parameter["required"]:
            headers[parameter["name"]] = "0192f3a4-key"
    response = example(route.response_type)
    neighbours.answers[route.rpc] = lambda _: response

    example_body = body["example"] if body else None
    answer = await gateway.http.request(route.method, path, params=query, json=example_body, headers=headers)

    assert answer.status_code == 200, answer.text
    DESCRIBED.check(route.method, route.path, answer)
    if body:
        DESCRIBED.validate(body["schema"], example_body)


@pytest.mark.parametrize("name", ROUTES)
async def test_an_empty_answer_fits_its_schema_too(gateway: Served, name: str) -> None:
    response = ROUTES[name].response_type()
    for field in response.DESCRIPTOR.fields:
        if field.message_type and not field.is_repeated:
            getattr(response, field.name).SetInParent()
    empty = json_format.MessageToDict(response, always_print_fields_with_no_presence=True)

    DESCRIBED.validate(answer_schema(name), empty)


@pytest.mark.parametrize("name", [name for name, operation in OPERATIONS.items() if "requestBody" in operation])
def test_what_is_required_is_what_the_rules_demand(name: str) -> None:
    route, message = ROUTES[name], example_of(ROUTES[name].request_type)
    _, schema = resolved(OPERATIONS[name]["requestBody"]["content"]["application/json"]["schema"])

    assert protovalidate.collect_violations(message) == []
    for field in route.request_type.DESCRIPTOR.fields:
        # Of a choice any one will do.
        if field.name not in route.template.fields and field.containing_oneof is None:
            without = route.request_type.FromString(message.SerializeToString())
            without.ClearField(field.name)
            refused = bool(protovalidate.collect_violations(without))
            assert (field.camelcase_name in schema.get("required", [])) == refused, field.name


def resolved(schema: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    name = schema["$ref"].rpartition("/")[2]
    return name, DOCUMENT["components"]["schemas"][name]


async def test_a_problem_fits_its_schema(gateway: Served) -> None:
    answer = await gateway.http.post("/v1/items", json={"sku": 7})

    DESCRIBED.validate({"$ref": "#/components/schemas/Problem"}, answer.json())


def test_reasons_have_the_status_that_their_class_has() -> None:
    """What is said of a refusal in the contract is what its service does."""
    from identity import errors as identity
    from inventory import errors as inventory
    from orders import errors as orders

    for context, module in (("identity", identity), ("inventory", inventory), ("orders", orders)):
        classes = {
            kind.reason: kind
            for kind in vars(module).values()
            if isinstance(kind, type) and issubclass(kind, Refusal) and "code" in vars(kind)
        }
        for name, reason in declared_reasons()[context].items():
            assert reason.status == HTTP_STATUS[classes[name].code], name
            assert reason.domain == classes[name].domain


def reasons(route: Route) -> set[tuple[int, str]]:
    return {(reason.status, reason.name) for reason in reasons_of(route)}


def test_an_operation_names_its_refusals_by_status() -> None:
    assert reasons(ROUTES["CancelOrder"]) == {
        (400, "INVALID_REQUEST"),
        (400, "IDEMPOTENCY_KEY_REQUIRED"),
        (400, "IDEMPOTENCY_KEY_REUSED"),
        (400, "ORDER_FULFILLED"),
        (401, "NOT_AUTHENTICATED"),
        (401, "TOKEN_INVALID"),
        (403, "NOT_A_MEMBER"),
        (403, "NOT_PERMITTED"),
        (403, "ORGANIZATION_NOT_ACTIVE"),
        (404, "ORDER_NOT_FOUND"),
        (409, "CHANGED_MEANWHILE"),
        (409, "IDEMPOTENCY_KEY_IN_FLIGHT"),
        (412, "CHANGED_MEANWHILE"),
        (413, "BODY_TOO_LARGE"),
        (429, "OVERLOADED"),
        (429, "RATE_LIMITED"),
        (500, "INTERNAL_FAULT"),
        (503, "UNAVAILABLE_FOR_NOW"),
        (504, "DEADLINE_PASSED"),
    }
    cancel = OPERATIONS["CancelOrder"]
    assert cancel["responses"]["404"]["content"]["application/problem+json"]["examples"].keys() == {"ORDER_NOT_FOUND"}
    assert (cancel["x-permission"], cancel["x-least-role"]) == ("orders.cancel", "MANAGER")


def test_limits_are_those_of_the_contract() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    store = schemas["ConnectStoreRequest"]["properties"]

    assert (store["name"]["minLength"], store["name"]["maxLength"]) == (1, 120)
    assert store["shop"]["format"] == "hostname"
    page_size = next(each for each in OPERATIONS["ListStores"]["parameters"] if each["name"] == "pageSize")
    assert (page_size["schema"]["minimum"], page_size["schema"]["maximum"]) == (0, 200)
    assert schemas["Money"]["properties"]["minorUnits"]["type"] == "string"
    assert "orderId" not in schemas["CancelOrderRequest"]["properties"]


def test_security_is_said_per_operation() -> None:
    assert OPERATIONS["SignIn"]["security"] == []
    assert OPERATIONS["ListOrders"]["security"] == [{"accessToken": []}]
    assert DOCUMENT["components"]["securitySchemes"]["accessToken"]["scheme"] == "bearer"
