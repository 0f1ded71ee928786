"""The gateway as its process: what stops its start, and how it ends."""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

import httpx2
import pytest

from laptop.ports import free_port
from tests.given.service_keys import ServiceKeys


@pytest.fixture
def environment(service_keys: ServiceKeys) -> dict[str, str]:
    """All settings of a gateway that finds nobody: neither Kafka nor a service need be there to start."""
    away = f"127.0.0.1:{free_port()}"
    told = {name: value for name, value in os.environ.items() if not name.startswith("RAPPIT_")}
    return told | {
        "RAPPIT_DEVELOPMENT": "1",
        "RAPPIT_DRAIN_SECONDS": "0",
        "RAPPIT_HTTP_ADDRESS": f"127.0.0.1:{free_port()}",
        "RAPPIT_METRICS_ADDRESS": f"127.0.0.1:{free_port()}",
        "RAPPIT_KAFKA": away,
        "RAPPIT_SERVICE_KEY_FILE": str(service_keys.key_file("gateway")),
        "RAPPIT_SERVICE_PUBLIC_KEYS_FILE": str(service_keys.public_keys_file),
        **{f"RAPPIT_{name}_ADDRESS": away for name in ("IDENTITY", "ORDERS", "INVENTORY")},
    }


async def start(environment: dict[str, str]) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "gateway", "serve", env=environment, stdout=-1, stderr=-1
    )


async def answer(url: str) -> httpx2.Response:
    async with httpx2.AsyncClient(timeout=10) as http, asyncio.timeout(60):
        while True:
            try:
                return await http.get(url)
            except httpx2.TransportError:
                await asyncio.sleep(0.05)


async def test_it_serves_with_nobody_there_and_ends_well_at_sigterm(environment: dict[str, str]) -> None:
    process = await start(environment)
    ready = await answer(f"http://{environment['RAPPIT_HTTP_ADDRESS']}/health/ready")
    metrics = await answer(f"http://{environment['RAPPIT_METRICS_ADDRESS']}/metrics")
    hidden = await answer(f"http://{environment['RAPPIT_HTTP_ADDRESS']}/metrics")
    process.send_signal(signal.SIGTERM)
    said, _ = await asyncio.wait_for(process.communicate(), 40)

    assert (ready.status_code, hidden.status_code) == (200, 404)
    assert 'http_server_request_duration_seconds_count{http_request_method="GET"' in metrics.text
    assert process.returncode == 0
    lines = [json.loads(line) for line in said.splitlines()]
    assert [line["event"] for line in lines if line["event"] in {"serving", "draining", "stopped"}] == [
        "serving",
        "draining",
        "stopped",
    ]


async def test_settings_that_are_missing_stop_the_start_by_name(environment: dict[str, str]) -> None:
    """Trap 9."""
    needed = [
        f"RAPPIT_{name}"
        for name in (
            "HTTP_ADDRESS",
            "METRICS_ADDRESS",
            "KAFKA",
            "SERVICE_KEY_FILE",
            "SERVICE_PUBLIC_KEYS_FILE",
            "ORDERS_ADDRESS",
        )
    ]
    process = await start({name: value for name, value in environment.items() if name not in needed})
    _, said = await asyncio.wait_for(process.communicate(), 40)

    assert process.returncode not in (0, None)
    assert [name for name in needed if f"{name} is missing" not in said.decode()] == []


async def test_a_weak_key_stops_the_start_and_is_not_shown(environment: dict[str, str], tmp_path: Path) -> None:
    """Trap 9."""
    weak = tmp_path / "gateway.pem"
    weak.write_text("changeme")
    process = await start({**environment, "RAPPIT_SERVICE_KEY_FILE": str(weak)})
    _, said = await asyncio.wait_for(process.communicate(), 40)

    assert process.returncode not in (0, None)
    assert "RAPPIT_SERVICE_KEY_FILE" in said.decode()
    assert "changeme" not in said.decode()
