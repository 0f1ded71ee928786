"""What each service with a database runs beside its own work, so that its tables stay small and its backlog is seen."""

import ast

from tests.architecture.sources import SERVICES, packages

# Part -> what goes wrong without it.
PARTS = {
    "Relay": "its events are never published",
    "retention_jobs": "its outbox, inbox and idempotency keys grow for ever",
    "Backlog": "nobody sees what waits to be published or applied, or is parked",
}


def missing(service: str) -> list[str]:
    called = {
        node.func.id
        for node in ast.walk(ast.parse((SERVICES / service / "app.py").read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    return [f"{service} runs no {part}: {fault}" for part, fault in PARTS.items() if part not in called]


def test_every_service_with_a_database_runs_them() -> None:
    with_database = [name for name in packages() if (SERVICES / name / "schema.py").exists()]

    assert {"identity", "orders", "inventory"} <= set(with_database)
    assert [fault for service in with_database for fault in missing(service)] == []
