"""The process: what it refuses to start without, and its life from `migrate` to SIGTERM."""

import base64
from argparse import Namespace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from chassis.messaging.kafka import Kafka
from chassis.rpc.client import Peer
from identity.__main__ import one_off
from laptop.ports import HOST
from rappit.identity.v1.accounts_pb2 import SignUpRequest
from rappit.identity.v1.accounts_pb2_grpc import AccountServiceStub
from rappit.identity.v1.events_pb2 import IdentityEvent
from rappit.identity.v1.organizations_pb2 import ORGANIZATION_STATE_SUSPENDED
from tests.given.people import PASSWORD, new_email
from tests.given.postgres import DatabaseOf
from tests.given.service_keys import ServiceKeys
from tests.given.service_process import EnvironmentOf, ProcessOf, ServiceProcess, run_once

# RFC 8032, 7.1, the first example.
EXAMPLE_KEY = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"

SECRETS = [
    "RAPPIT_DATABASE_URL",
    "RAPPIT_FINDER_DATABASE_URL",
    "RAPPIT_SERVICE_KEY_FILE",
    "RAPPIT_SERVICE_PUBLIC_KEYS_FILE",
    "RAPPIT_MASTER_KEY_FILE",
]


def refused_start(environment: dict[str, str]) -> str:
    """What the process says when it ends by itself with an error."""
    ended = run_once("identity", environment, "serve")
    assert ended.returncode == 78, ended.stdout + ended.stderr
    return ended.stderr


def test_it_names_every_secret_that_is_missing(environment_of: EnvironmentOf) -> None:
    """Trap 9."""
    environment = environment_of("identity")
    said = refused_start({name: value for name, value in environment.items() if name not in SECRETS})

    assert [name for name in SECRETS if f"{name} is missing" not in said] == []


def test_it_names_every_secret_that_is_weak_or_well_known_and_repeats_none(
    environment_of: EnvironmentOf, tmp_path: Path
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
    said = refused_start(environment_of("identity") | weak)

    assert [name for name in SECRETS if f"  {name} " not in said] == []
    assert [secret for secret in (zeros, pem.split()[4], ":postgres", "changeme") if secret in said] == []


async def test_the_command_rotates_the_signing_key_once(
    environment_of: EnvironmentOf, fresh_service_database: DatabaseOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    addresses = fresh_service_database("identity")
    urls = {"RAPPIT_DATABASE_URL": addresses.service, "RAPPIT_FINDER_DATABASE_URL": addresses.finder}
    for name, value in (environment_of("identity") | urls).items():
        monkeypatch.setenv(name, value)
    command = Namespace(verb="rotate-signing-key")

    assert await one_off(command) is None
    assert await one_off(command) == "the next key is there already"


async def test_it_serves_publishes_tells_again_and_stops_well(
    process_of: ProcessOf, kafka: str, topic_prefix: str, service_keys: ServiceKeys
) -> None:
    own_kafka = Kafka(kafka, f"{topic_prefix}{uuid4().hex}.", development=True)
    async with process_of("identity", own_kafka) as process:
        await it_serves_publishes_and_tells_again(process, service_keys)


async def it_serves_publishes_and_tells_again(process: ServiceProcess, service_keys: ServiceKeys) -> None:
    gateway = Peer("identity", process.environment["RAPPIT_GRPC_ADDRESS"], service_keys.signer("gateway"))
    request = SignUpRequest(organization_name="Souq", email=new_email(), password=PASSWORD)
    sign_up = AccountServiceStub(gateway.channel).SignUp
    answer = await gateway.call(sign_up, request, idempotency_key=str(uuid4()))
    await gateway.close()
    (created,) = await process.published(IdentityEvent, 1)
    told_again = await process.once("republish", "--organization", answer.organization.id)
    _, again = await process.published(IdentityEvent, 2)
    suspended = await process.once("suspend", "--organization", answer.organization.id, "--why", "unpaid")
    (*_, changed) = await process.published(IdentityEvent, 3)
    unknown = await process.once("close", "--organization", str(uuid4()), "--why", "left")

    assert created.header.organization_id == again.header.organization_id == answer.organization.id
    assert changed.organization_state_changed.state == ORGANIZATION_STATE_SUSPENDED
    assert [told_again.returncode, suspended.returncode] == [0, 0]
    assert unknown.returncode == 1
    assert "there is no organization" in unknown.stderr
    assert await process.stop() == 0
    assert UUID(again.header.id) != UUID(created.header.id)
