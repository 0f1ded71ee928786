"""Settings: a process without its secrets, or with anybody's, does not start, and says which one it was."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from chassis.keys import make_key_files
from chassis.settings import (
    REFUSED,
    MasterKeyFile,
    MigrateSettings,
    PeerSettings,
    ProcessSettings,
    ServiceSettings,
    Target,
    load,
    weakness,
)
from chassis.telemetry.logs import get_logger
from tests.given.log_lines import LogLines


class Orders(ServiceSettings):
    """A service's settings: the common ones and its own."""

    master_key_file: MasterKeyFile
    identity_address: Target


PASSWORD = "Xb--IwkfZA8kQ7UVBhSREs1MjcHslmP_1qDji0b72JM"
URL = f"postgresql://orders_service:{PASSWORD}@127.0.0.1:5432/orders"


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Everything that a service needs, in the environment of this test."""
    make_key_files(tmp_path, ["orders"])
    variables = {
        "RAPPIT_GRPC_ADDRESS": "127.0.0.1:50051",
        "RAPPIT_METRICS_ADDRESS": "127.0.0.1:9100",
        "RAPPIT_DATABASE_URL": URL,
        "RAPPIT_FINDER_DATABASE_URL": URL,
        "RAPPIT_KAFKA": "127.0.0.1:9092",
        "RAPPIT_SERVICE_KEY_FILE": str(tmp_path / "orders.pem"),
        "RAPPIT_SERVICE_PUBLIC_KEYS_FILE": str(tmp_path / "services.jwks"),
        "RAPPIT_MASTER_KEY_FILE": str(tmp_path / "master.keys"),
        "RAPPIT_IDENTITY_ADDRESS": "127.0.0.1:50052",
    }
    for name in [name for name in os.environ if name.startswith("RAPPIT_")]:
        monkeypatch.delenv(name)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return variables


def refusal(capsys: pytest.CaptureFixture[str]) -> str:
    """What the process would say as it ends."""
    with pytest.raises(SystemExit) as ended:
        load(Orders)
    assert ended.value.code == REFUSED != 0
    return capsys.readouterr().err


def test_settings_come_from_the_environment(environment: dict[str, str]) -> None:
    settings = load(Orders)

    assert settings.database_url.get_secret_value() == URL
    assert settings.identity_address == "127.0.0.1:50052"
    assert (settings.topic_prefix, settings.development, settings.otlp_endpoint) == ("", False, "")
    assert PASSWORD not in repr(settings)


def test_settings_do_not_change(environment: dict[str, str]) -> None:
    settings = load(Orders)
    with pytest.raises(ValidationError):
        settings.kafka = "elsewhere:9092"  # type: ignore[misc]


def test_what_is_missing_is_named_all_at_once(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Trap 9."""
    for name in environment:
        monkeypatch.delenv(name)
    said = refusal(capsys)

    assert all(f"{name} is missing" in said for name in environment)


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("RAPPIT_DATABASE_URL", "", "is missing"),
        ("RAPPIT_DATABASE_URL", "postgresql://u@h/d", "password that is missing"),
        ("RAPPIT_DATABASE_URL", "postgresql://u:Xq9%247@h/d", "shorter"),
        ("RAPPIT_DATABASE_URL", "postgresql://u:postgres-password-123@h/d", "well known"),
        ("RAPPIT_DATABASE_URL", "postgresql://u:CHANGEME_please_change_me@h/d", "well known"),
        ("RAPPIT_DATABASE_URL", "postgresql://u:aaaaaaaaaaaaaaaaaaaaaaaa@h/d", "repeats"),
        ("RAPPIT_DATABASE_URL", "mysql://u:" + PASSWORD + "@h/d", "is no postgresql"),
        ("RAPPIT_DATABASE_URL", "postgresql://[u:" + PASSWORD + "@h/d", "is no URL"),
        ("RAPPIT_FINDER_DATABASE_URL", "postgresql://u:my-secret-password@h/d", "well known"),
        ("RAPPIT_SERVICE_KEY_FILE", "/nowhere/key.pem", "cannot be read"),
        ("RAPPIT_SERVICE_KEY_FILE", __file__, "no PEM"),
        ("RAPPIT_SERVICE_PUBLIC_KEYS_FILE", __file__, "no JSON Web Key Set"),
        ("RAPPIT_MASTER_KEY_FILE", __file__, "line 1"),
        ("RAPPIT_MASTER_KEY_FILE", sys.executable, "no text"),
        ("RAPPIT_GRPC_ADDRESS", "50051", "no host:port"),
        ("RAPPIT_METRICS_ADDRESS", "h:99999", "no host:port"),
        ("RAPPIT_TRACE_SHARE", "2", "less than or equal to 1"),
        ("RAPPIT_DEVELOPMENT", "perhaps", "boolean"),
    ],
)
def test_what_is_weak_well_known_or_malformed_is_named_and_not_shown(  # noqa: PLR0917 (fixtures and cases)
    environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    value: str,
    problem: str,
) -> None:
    """Trap 9."""
    monkeypatch.setenv(name, value)
    said = refusal(capsys)

    assert f"{name} " in said
    assert problem in said
    assert said.count("RAPPIT_") == 1
    assert not value or value not in said
    assert PASSWORD not in said


def test_a_process_that_is_refused_ends_with_a_code(environment: dict[str, str]) -> None:
    """Trap 9."""
    program = "from chassis.settings import ServiceSettings, load; load(ServiceSettings)"
    variables = {**os.environ, "RAPPIT_DATABASE_URL": "postgresql://u:postgres@h/d"}
    ended = subprocess.run([sys.executable, "-c", program], env=variables, capture_output=True, text=True, check=False)

    assert ended.returncode == REFUSED
    assert "RAPPIT_DATABASE_URL" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_secret_may_stand_in_a_file(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mounted = tmp_path / "url"
    mounted.write_text(f"{URL}\n")
    monkeypatch.delenv("RAPPIT_DATABASE_URL")
    monkeypatch.setenv("RAPPIT_DATABASE_URL_FILE", str(mounted))
    assert load(Orders).database_url.get_secret_value() == URL
    mounted.unlink()

    assert "RAPPIT_DATABASE_URL_FILE names a file that cannot be read" in refusal(capsys)


def test_a_database_without_a_password_needs_a_certificate_or_a_socket(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for url in ("postgresql://u@h/d?sslcert=/c.pem&sslkey=/k.pem", "postgresql://u@/d?host=/run/postgresql"):
        monkeypatch.setenv("RAPPIT_DATABASE_URL", url)
        assert load(Orders).database_url.get_secret_value() == url


def test_each_kind_of_process_needs_no_more_than_it_uses(environment: dict[str, str]) -> None:
    """The simulator has no secrets; migrating needs no keys; the gateway has no database."""
    assert set(ProcessSettings.model_fields) < set(PeerSettings.model_fields) < set(ServiceSettings.model_fields)
    assert not {"kafka", "service_key_file", "database_url"} & set(ProcessSettings.model_fields)
    assert not {"database_url", "grpc_address"} & set(PeerSettings.model_fields)
    assert set(MigrateSettings.model_fields) == {"owner_database_url", "kafka", "topic_prefix", "development"}


def test_the_logs_hide_what_the_process_was_started_with(environment: dict[str, str], log_lines: LogLines) -> None:
    """Trap 7."""
    load(Orders)
    get_logger().info("connecting", to=f"it was {PASSWORD}!")

    assert PASSWORD not in log_lines.text
    assert "connecting" in log_lines.text


@pytest.mark.parametrize(
    "secret",
    [
        "hYNVATamoZaUsq6FpvB3Ew",
        "voJRsmbklN7KM7pTzYVPa1SvHJ0ZE1bWUilbyRSZi6s",
        "0b7d9f3a5c1e8264aa90",
        "correct horse battery",
    ],
)
def test_a_secret_that_was_drawn_or_thought_of_will_do(secret: str) -> None:
    assert weakness(secret) is None
