"""The process: what it refuses to start without, and its life from `migrate` to SIGTERM."""

import asyncio
import base64
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from aiokafka import AIOKafkaConsumer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from chassis.rpc.client import Peer
from laptop.ports import HOST, free_port
from laptop.service import Service
from rappit.identity.v1.accounts_pb2 import SignUpRequest
from rappit.identity.v1.accounts_pb2_grpc import AccountServiceStub
from rappit.identity.v1.events_pb2 import IdentityEvent
from rappit.identity.v1.organizations_pb2 import ORGANIZATION_STATE_SUSPENDED
from tests.given.people import PASSWORD, new_email
from tests.given.postgres import DatabaseOf
from tests.given.run import Run
from tests.given.service_keys import ServiceKeys

# RFC 8032, 7.1, the first example.
EXAMPLE_KEY = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"

SECRETS = [
    "RAPPIT_DATABASE_URL",
    "RAPPIT_FINDER_DATABASE_URL",
    "RAPPIT_SERVICE_KEY_FILE",
    "RAPPIT_SERVICE_PUBLIC_KEYS_FILE",
    "RAPPIT_MASTER_KEY_FILE",
]


@pytest.fixture
def environment(service_keys: ServiceKeys) -> dict[str, str]:
    """A whole environment; nothing in it is ever reached by a process that refuses to start."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("RAPPIT_")},
        "RAPPIT_GRPC_ADDRESS": f"{HOST}:0",
        "RAPPIT_METRICS_ADDRESS": f"{HOST}:0",
        "RAPPIT_DATABASE_URL": f"postgresql://identity_service:{uuid4().hex}@{HOST}:1/identity",
        "RAPPIT_FINDER_DATABASE_URL": f"postgresql://identity_finder:{uuid4().hex}@{HOST}:1/identity",
        "RAPPIT_KAFKA": f"{HOST}:1",
        "RAPPIT_SERVICE_KEY_FILE": str(service_keys.key_file("identity")),
        "RAPPIT_SERVICE_PUBLIC_KEYS_FILE": str(service_keys.public_keys_file),
        "RAPPIT_MASTER_KEY_FILE": str(service_keys.master_key_file),
        "RAPPIT_DEVELOPMENT": "1",
        "RAPPIT_DRAIN_SECONDS": "0",
    }


def refused_start(environment: dict[str, str]) -> str:
    """What the process says when it ends by itself with an error."""
    command = [sys.executable, "-m", "identity", "serve"]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 78, ended.stdout + ended.stderr
    return ended.stderr


def test_it_names_every_secret_that_is_missing(environment: dict[str, str]) -> None:
    """Trap 9."""
    said = refused_start({name: value for name, value in environment.items() if name not in SECRETS})

    assert [name for name in SECRETS if f"{name} is missing" not in said] == []


def test_it_names_every_secret_that_is_weak_or_well_known_and_repeats_none(
    environment: dict[str, str], tmp_path: Path
) -> None:
    """Trap 9."""
    example = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(EXAMPLE_KEY))
    pem = example.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    zeros = base64.b64encode(bytes(32)).decode()
    files = {
        "RAPPIT_SERVICE_KEY_FILE": pem,
        "RAPPIT_SERVICE_PUBLIC_KEYS_FILE": "{}",
        "RAPPIT_MASTER_KEY_FILE": f"one:{zeros}",
    }
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    weak = {name: str(tmp_path / name) for name in files} | {
        "RAPPIT_DATABASE_URL": f"postgresql://identity_service:postgres@{HOST}:1/identity",
        "RAPPIT_FINDER_DATABASE_URL": f"postgresql://identity_finder:changeme-changeme@{HOST}:1/identity",
    }
    said = refused_start(environment | weak)

    assert [name for name in SECRETS if f"  {name} " not in said] == []
    assert [secret for secret in (zeros, pem.split()[4], ":postgres", "changeme") if secret in said] == []


@pytest.fixture
def published(kafka: str, topic_prefix: str) -> dict[str, str]:
    """Where the process publishes to: topics of its own."""
    return {"RAPPIT_KAFKA": kafka, "RAPPIT_TOPIC_PREFIX": f"{topic_prefix}{uuid4().hex}."}


@pytest.fixture
def process(
    this_run: Run, empty_database: DatabaseOf, published: dict[str, str], environment: dict[str, str], tmp_path: Path
) -> Iterator[tuple[Service, dict[str, str]]]:
    """Identity as a process of its own, migrated and ready, and its environment."""
    addresses = empty_database("identity")
    health_port = free_port()
    told = environment | published
    told |= {
        "RAPPIT_GRPC_ADDRESS": f"{HOST}:{free_port()}",
        "RAPPIT_METRICS_ADDRESS": f"{HOST}:{health_port}",
        "RAPPIT_DATABASE_URL": addresses.service,
        "RAPPIT_FINDER_DATABASE_URL": addresses.finder,
    }
    service = Service("identity", told, health_port, log=tmp_path / "identity.log", guard=this_run.guard)
    service.migrate(addresses.owner)
    service.start()
    yield service, told
    service.program.kill()


async def events(environment: dict[str, str], count: int) -> list[IdentityEvent]:
    """The first events that identity published."""
    topic = environment["RAPPIT_TOPIC_PREFIX"] + IdentityEvent.DESCRIPTOR.full_name
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=environment["RAPPIT_KAFKA"], auto_offset_reset="earliest")
    await consumer.start()
    try:
        async with asyncio.timeout(20):
            return [IdentityEvent.FromString((await consumer.getone()).value) for _ in range(count)]
    finally:
        await consumer.stop()


async def test_it_serves_publishes_tells_again_and_stops_well(
    process: tuple[Service, dict[str, str]], service_keys: ServiceKeys
) -> None:
    service, environment = process
    gateway = Peer("identity", environment["RAPPIT_GRPC_ADDRESS"], service_keys.signer("gateway"))
    request = SignUpRequest(organization_name="Souq", email=new_email(), password=PASSWORD)
    sign_up = AccountServiceStub(gateway.channel).SignUp
    answer = await gateway.call(sign_up, request, idempotency_key=str(uuid4()))
    await gateway.close()
    (created,) = await events(environment, 1)
    told_again = one_off(environment, "republish", answer.organization.id)
    _, again = await events(environment, 2)
    suspended = one_off(environment, "suspend", answer.organization.id, "--why", "unpaid")
    (*_, changed) = await events(environment, 3)
    unknown = one_off(environment, "close", str(uuid4()), "--why", "left")
    await asyncio.to_thread(service.stop)

    assert created.header.organization_id == again.header.organization_id == answer.organization.id
    assert changed.organization_state_changed.state == ORGANIZATION_STATE_SUSPENDED
    assert [told_again.returncode, suspended.returncode] == [0, 0]
    assert unknown.returncode == 1
    assert "there is no organization" in unknown.stderr
    assert service.program.exit_status == 0
    assert UUID(again.header.id) != UUID(created.header.id)


def one_off(
    environment: dict[str, str], verb: str, organization: str, *told: str
) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "identity", verb, "--organization", organization, *told]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
