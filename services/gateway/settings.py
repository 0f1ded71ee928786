"""Settings of the gateway (RAPPIT_...)."""

import re
from ipaddress import ip_network
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import NoDecode

from chassis.settings import Address, PeerSettings, Target, weakness
from gateway.edge.clients import Network
from gateway.rates.limits import Quotas

_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(?::[0-9]{1,5})?|http://\[[0-9a-f:]+\](?::[0-9]{1,5})?")


def _listed(text: Any) -> Any:
    return [part.strip() for part in text.split(",") if part.strip()] if isinstance(text, str) else text


def _network(text: str) -> Network:
    try:
        network = ip_network(text)
    except ValueError:
        raise ValueError("names what is no network, such as 10.0.0.0/8") from None
    if network.prefixlen == 0:
        raise ValueError("trusts everybody: name the networks of the proxies")
    return network


def _origin(text: str) -> str:
    if not _ORIGIN.fullmatch(text):
        raise ValueError("names what is no origin, such as https://console.example.com")
    return text


def _shared_store(secret: SecretStr) -> SecretStr:
    url = urlsplit(secret.get_secret_value())
    if url.scheme not in {"redis", "rediss", "valkey", "valkeys"} or not url.hostname:
        raise ValueError("is no valkey://:password@host:port")
    if problem := weakness(url.password or ""):
        raise ValueError(f"has a password that {problem}")
    return secret


class Settings(PeerSettings):
    """What the gateway has besides what all have.

    http_address: host:port that takes webhooks and the REST API.
    identity_address, orders_address, inventory_address: gRPC targets of the services that it calls.
    trusted_proxies: networks whose word for the client's address is taken, separated by commas; empty takes nobody's.
    forwarded_header: the header in which they give it.
    cors_origins: pages that may use the API, such as "https://console.example.com", separated by commas.
    rate_per_address, rate_per_account, rate_per_organization: requests a minute that are answered.
    rate_per_store: deliveries a minute that are taken at once; more are taken after a short wait.
    rate_limit_store: Valkey or Redis in which the replicas count together; empty lets each count for itself.
    rate_limits_without_store: what happens while that does not answer: each replica counts for itself, nothing is
    counted, or nothing is answered.
    """

    http_address: Address
    identity_address: Target
    orders_address: Target
    inventory_address: Target
    trusted_proxies: Annotated[
        tuple[Annotated[Any, AfterValidator(_network)], ...], NoDecode, BeforeValidator(_listed)
    ] = ()
    forwarded_header: Literal["x-forwarded-for", "forwarded"] = "x-forwarded-for"
    cors_origins: Annotated[
        tuple[Annotated[str, AfterValidator(_origin)], ...], NoDecode, BeforeValidator(_listed)
    ] = ()
    rate_per_address: int = Field(default=Quotas().address, ge=1)
    rate_per_account: int = Field(default=Quotas().account, ge=1)
    rate_per_organization: int = Field(default=Quotas().organization, ge=1)
    rate_per_store: int = Field(default=Quotas().store, ge=1)
    rate_limit_store: Annotated[SecretStr, AfterValidator(_shared_store)] | None = None
    rate_limits_without_store: Literal["own", "open", "refuse"] = "own"
