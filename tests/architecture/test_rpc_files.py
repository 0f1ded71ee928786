"""The proto file is the folder: each RPC is one function in one file with one test file, all three named after it."""

import ast

from proto.map import Rpc
from tests.architecture.sources import packages, rpcs_of_services, shown


def faults(rpc: Rpc) -> list[str]:
    found = []
    if not rpc.file.exists():
        found.append(f"{shown(rpc.file)} is missing")
    elif rpc.verb not in functions(ast.parse(rpc.file.read_text())):
        found.append(f"{shown(rpc.file)} does not define {rpc.verb}")
    if not rpc.test.exists():
        found.append(f"{shown(rpc.test)} is missing")
    elif not any(name.startswith("test_") for name in functions(ast.parse(rpc.test.read_text()))):
        found.append(f"{shown(rpc.test)} tests nothing")
    return found


def functions(module: ast.Module) -> list[str]:
    return [node.name for node in module.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def test_every_rpc_has_its_file_and_its_test() -> None:
    found = [fault for rpc in rpcs_of_services() for fault in faults(rpc)]

    assert found == []
    checked = {rpc.context for rpc in rpcs_of_services()}
    assert checked == set(packages()) - {"chassis", "gateway", "simulator"}
