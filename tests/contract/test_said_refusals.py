"""What an RPC's function refuses with stands in the RPC's comment, from which the API's description is made."""

import ast
import re
from importlib import import_module

from chassis.errors import Refusal
from gateway.openapi.reasons import reasons_of
from gateway.rest.contract import read_routes
from proto.map import Rpc
from tests.architecture.sources import rpcs_of_services

ROUTES = {route.rpc: route for route in read_routes()}
RPCS = {
    name: rpc
    for rpc in rpcs_of_services()
    for name in ROUTES
    if name.startswith(f"rappit.{rpc.context}.") and name.endswith(f"/{rpc.name}")
}


def named_in(rpc: Rpc) -> set[str]:
    """Reasons of the refusals that the function's docstring names, and that its file raises."""
    module = ast.parse(rpc.file.read_text())
    errors = vars(import_module(f"{rpc.context}.errors"))
    said = [
        ast.get_docstring(node) or ""
        for node in module.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == rpc.verb
    ]
    raised = [ast.unparse(node.exc) for node in ast.walk(module) if isinstance(node, ast.Raise) and node.exc]
    words = re.findall(r"\b[A-Z][A-Za-z]+\b", " ".join([*said, *raised]))
    kinds = [errors[word] for word in words if word in errors]
    return {kind.reason for kind in kinds if isinstance(kind, type) and issubclass(kind, Refusal)}


def test_what_a_function_refuses_is_said() -> None:
    unsaid = {
        rpc.verb: missing
        for name, rpc in RPCS.items()
        for missing in [named_in(rpc) - {reason.name for reason in reasons_of(ROUTES[name])}]
        if missing
    }

    assert unsaid == {}
    assert any(named_in(rpc) for rpc in RPCS.values())
