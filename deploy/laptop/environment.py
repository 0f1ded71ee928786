"""What each service is told through its environment. Pure; the table of the settings is in chassis/settings.py."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from chassis.keys import KEY_SET_FILE, MASTER_KEY_FILE
from laptop.databases import ServiceDatabase
from laptop.ports import HOST, Ports

DATABASE_SERVICES = ("identity", "orders", "inventory")
PEERS = (*DATABASE_SERVICES, "gateway")
SERVICES = (*PEERS, "simulator")

# Of our own variables only this is taken from whoever runs us: where the traces go.
_FROM_OUTSIDE = "RAPPIT_OTLP_ENDPOINT"


@dataclass(frozen=True)
class Addresses:
    """Where a running system is met. `grpc` and `metrics` are host:port by service."""

    gateway: str
    simulator: str
    grpc: Mapping[str, str]
    metrics: Mapping[str, str]


def choose_addresses(ports: Ports, gateway_port: int | None = None) -> Addresses:
    """Addresses on loopback, those of the last run where they are still free."""
    return Addresses(
        gateway=f"http://{HOST}:{ports.take('gateway', gateway_port)}",
        simulator=f"http://{HOST}:{ports.take('simulator')}",
        grpc={service: f"{HOST}:{ports.take(f'{service} grpc')}" for service in DATABASE_SERVICES},
        metrics={service: f"{HOST}:{ports.take(f'{service} metrics')}" for service in SERVICES},
    )


def environment_of(
    service: str,
    outside: Mapping[str, str],
    *,
    folder: Path,
    addresses: Addresses,
    kafka: str,
    database: ServiceDatabase | None,
    run: str,
) -> dict[str, str]:
    """All that the service sees: the environment around us, and its settings; its keys are in `folder`/secrets.

    `run` is another one at each start of the whole: simulated shops rest until somebody says where they send to now.
    """
    keys = folder / "secrets"
    told = {name: value for name, value in outside.items() if name == _FROM_OUTSIDE or not name.startswith("RAPPIT_")}
    told |= {
        "PYTHONUNBUFFERED": "1",
        "RAPPIT_DEVELOPMENT": "1",
        "RAPPIT_DRAIN_SECONDS": "0",
        "RAPPIT_METRICS_ADDRESS": addresses.metrics[service],
    }
    if service in PEERS:
        told |= {
            "RAPPIT_KAFKA": kafka,
            "RAPPIT_SERVICE_KEY_FILE": str(keys / f"{service}.pem"),
            "RAPPIT_SERVICE_PUBLIC_KEYS_FILE": str(keys / KEY_SET_FILE),
        }
        told |= {f"RAPPIT_{peer.upper()}_ADDRESS": addresses.grpc[peer] for peer in DATABASE_SERVICES}
    if service in addresses.grpc:
        told["RAPPIT_GRPC_ADDRESS"] = addresses.grpc[service]
    if database is not None:
        told |= {"RAPPIT_DATABASE_URL": database.service, "RAPPIT_FINDER_DATABASE_URL": database.finder}
    if service in {"identity", "orders"}:
        told["RAPPIT_MASTER_KEY_FILE"] = str(keys / MASTER_KEY_FILE)
    if service == "gateway":
        told["RAPPIT_HTTP_ADDRESS"] = addresses.gateway.removeprefix("http://")
    if service == "simulator":
        told["RAPPIT_HTTP_ADDRESS"] = addresses.simulator.removeprefix("http://")
        told["RAPPIT_SIMULATOR_FOLDER"] = str(folder / "simulator")
        told["RAPPIT_SIMULATOR_RUN"] = run
    return told
