from pathlib import Path

import pytest

from laptop.databases import ServiceDatabase
from laptop.environment import SERVICES, Addresses, environment_of

ADDRESSES = Addresses(
    gateway="http://127.0.0.1:8080",
    simulator="http://127.0.0.1:8081",
    grpc={"identity": "127.0.0.1:1", "orders": "127.0.0.1:2", "inventory": "127.0.0.1:3"},
    metrics={service: f"127.0.0.1:{100 + number}" for number, service in enumerate(SERVICES)},
)
DATABASE = ServiceDatabase("orders", owner="as owner", service="as service", finder="as finder")


def environment(service: str, outside: dict[str, str] | None = None) -> dict[str, str]:
    database = DATABASE if service in ADDRESSES.grpc else None
    return environment_of(
        service,
        outside or {},
        folder=Path("/data"),
        addresses=ADDRESSES,
        kafka="127.0.0.1:9",
        database=database,
        run="this run",
    )


@pytest.mark.parametrize("service", SERVICES)
def test_nobody_serves_with_the_owners_password(service: str) -> None:
    assert "as owner" not in environment(service).values()


def test_the_simulator_is_an_outsider_without_keys_broker_or_database() -> None:
    told = environment("simulator")
    assert {name for name in told if name.startswith("RAPPIT_")} == {
        "RAPPIT_DEVELOPMENT",
        "RAPPIT_DRAIN_SECONDS",
        "RAPPIT_HTTP_ADDRESS",
        "RAPPIT_METRICS_ADDRESS",
        "RAPPIT_SIMULATOR_FOLDER",
        "RAPPIT_SIMULATOR_RUN",
    }


def test_only_who_seals_gets_the_master_key() -> None:
    assert {service for service in SERVICES if "RAPPIT_MASTER_KEY_FILE" in environment(service)} == {
        "identity",
        "orders",
    }


def test_settings_around_us_do_not_leak_in_but_for_where_traces_go() -> None:
    outside = {"PATH": "/bin", "RAPPIT_DATABASE_URL_FILE": "/else", "RAPPIT_OTLP_ENDPOINT": "http://traces:4317"}
    told = environment("gateway", outside)
    assert told["PATH"] == "/bin"
    assert told["RAPPIT_OTLP_ENDPOINT"] == "http://traces:4317"
    assert "RAPPIT_DATABASE_URL_FILE" not in told
