"""The gateway's own settings as the environment gives them."""

from ipaddress import ip_network

import pytest

from chassis.settings import load
from gateway.app import edge_of, make_counts
from gateway.rates.counts import NoCounts, OwnCounts, RefusedCounts, SharedCounts
from gateway.rates.limits import Quotas
from gateway.settings import Settings
from tests.given.service_keys import ServiceKeys

STORE = "valkey://:a-long-walk-to-the-souq@127.0.0.1:6379"


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, service_keys: ServiceKeys) -> pytest.MonkeyPatch:
    """What a gateway cannot do without."""
    needed = {
        "SERVICE_KEY_FILE": service_keys.key_file("gateway"),
        "SERVICE_PUBLIC_KEYS_FILE": service_keys.public_keys_file,
        **{f"{name}_ADDRESS": "127.0.0.1:1" for name in ("HTTP", "METRICS", "IDENTITY", "ORDERS", "INVENTORY")},
        "KAFKA": "127.0.0.1:1",
    }
    for name, value in needed.items():
        monkeypatch.setenv(f"RAPPIT_{name}", str(value))
    return monkeypatch


def test_without_more_nobody_is_trusted_and_each_replica_counts_for_itself(environment: pytest.MonkeyPatch) -> None:
    """Trap 8."""
    settings = load(Settings)
    edge = edge_of(settings, OwnCounts())

    assert (edge.addresses.trusted, edge.addresses.header, edge.origins) == ((), b"x-forwarded-for", ())
    assert edge.limits._quotas == Quotas()
    assert isinstance(make_counts(settings), OwnCounts)


def test_what_is_set_is_what_the_edge_goes_by(environment: pytest.MonkeyPatch) -> None:
    """Trap 8."""
    environment.setenv("RAPPIT_TRUSTED_PROXIES", "10.0.0.0/8, 2001:db8::/32,")
    environment.setenv("RAPPIT_FORWARDED_HEADER", "forwarded")
    environment.setenv("RAPPIT_CORS_ORIGINS", "https://console.example.com,http://[::1]:8080")
    for number, name in enumerate(("ADDRESS", "ACCOUNT", "ORGANIZATION", "STORE"), start=1):
        environment.setenv(f"RAPPIT_RATE_PER_{name}", str(number))
    edge = edge_of(load(Settings), OwnCounts())

    assert edge.addresses.trusted == (ip_network("10.0.0.0/8"), ip_network("2001:db8::/32"))
    assert edge.addresses.header == b"forwarded"
    assert edge.origins == ("https://console.example.com", "http://[::1]:8080")
    assert edge.limits._quotas == Quotas(address=1, account=2, organization=3, store=4)


@pytest.mark.parametrize(("word", "otherwise"), [("own", OwnCounts), ("open", NoCounts), ("refuse", RefusedCounts)])
async def test_a_store_is_shared_and_what_happens_without_it_is_set(
    environment: pytest.MonkeyPatch, word: str, otherwise: type[object]
) -> None:
    """Trap 8."""
    environment.setenv("RAPPIT_RATE_LIMIT_STORE", STORE)
    environment.setenv("RAPPIT_RATE_LIMITS_WITHOUT_STORE", word)
    settings = load(Settings)
    counts = make_counts(settings)

    assert isinstance(counts, SharedCounts)
    assert type(counts._otherwise) is otherwise
    assert "souq" not in repr(settings)
    await counts.close()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TRUSTED_PROXIES", "0.0.0.0/0"),
        ("TRUSTED_PROXIES", "10.0.0.0/8,::/0"),
        ("TRUSTED_PROXIES", "the proxies"),
        ("TRUSTED_PROXIES", "10.0.0.1/8"),
        ("FORWARDED_HEADER", "x-real-ip"),
        ("CORS_ORIGINS", "*"),
        ("CORS_ORIGINS", "https://console.example.com/"),
        ("CORS_ORIGINS", "https://*.example.com"),
        ("RATE_PER_ADDRESS", "0"),
        ("RATE_PER_STORE", "many"),
        ("RATE_LIMIT_STORE", "valkey://127.0.0.1:6379"),
        ("RATE_LIMIT_STORE", "valkey://:changeme@127.0.0.1:6379"),
        ("RATE_LIMIT_STORE", "http://:a-long-walk-to-the-souq@127.0.0.1"),
        ("RATE_LIMITS_WITHOUT_STORE", "hope"),
    ],
)
def test_what_would_open_the_edge_or_means_nothing_stops_the_start(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str
) -> None:
    """Traps 8 and 9. By the setting's name; a secret is not repeated."""
    environment.setenv(f"RAPPIT_{name}", value)
    with pytest.raises(SystemExit):
        load(Settings)
    said = "".join(capsys.readouterr())

    assert f"RAPPIT_{name}" in said
    assert "changeme" not in said
