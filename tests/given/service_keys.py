"""The services' own keys, made once per run as an installation makes them."""

from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chassis.keys import KEY_SET_FILE, MASTER_KEY_FILE, make_key_files, private_key
from chassis.tokens import ServiceSigner
from tests.given.run import Run

SERVICES = ("gateway", "identity", "orders", "inventory", "shipping")


class ServiceKeys:
    """Where the keys are, as settings name them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.public_keys_file = folder / KEY_SET_FILE
        self.master_key_file = folder / MASTER_KEY_FILE

    def key_file(self, service: str) -> Path:
        """The private key of a service."""
        return self.folder / f"{service}.pem"

    def private_key(self, service: str) -> Ed25519PrivateKey:
        """The private key itself."""
        return private_key(self.key_file(service).read_bytes())

    def signer(self, service: str) -> ServiceSigner:
        """Signs as this service."""
        return ServiceSigner(service, self.key_file(service))


@pytest.fixture(scope="session")
def service_keys(this_run: Run) -> ServiceKeys:
    """The keys of an installation with all services."""
    folder = this_run.folder / "keys"

    def make() -> dict[str, Any]:
        make_key_files(folder, SERVICES)
        return {}

    this_run.once("keys", make)
    return ServiceKeys(folder)
