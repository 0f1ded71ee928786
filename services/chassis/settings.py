"""Settings of a process: environment variables that begin with RAPPIT_.

A secret may also stand in a file that `<NAME>_FILE` names, as mounted secrets do. `load` ends the process with the name
of every setting that is missing, malformed, weak or well known; it never shows a value. A service adds its own:

    class Settings(ServiceSettings):
        master_key_file: MasterKeyFile
        identity_address: Target
"""

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from chassis.keys import KeyRefused, private_key, public_keys
from chassis.sealing import master_keys
from chassis.telemetry import logs

PREFIX = "RAPPIT_"
REFUSED = 78  # EX_CONFIG of sysexits.h
SHORTEST_PASSWORD = 16
_FEWEST_LEFT = 8
_FEWEST_DIFFERENT = 6
_WELL_KNOWN_WORDS = re.compile(
    r"password|passwd|postgres|changeme|change|secret|rappit|admin|example|default|insecure|please|replace|development"
    r"|test|demo|dummy|sample|qwerty|letmein|welcome|your|here|root|user|owner|service|finder|key|pass|me|my|the"
)


def _address(text: str) -> str:
    host, _, port = text.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise ValueError("is no host:port")
    return text


def _database_url(secret: SecretStr) -> SecretStr:
    """A libpq URL whose password nobody guesses. Without one it must bring a certificate or use a socket."""
    try:
        url = urlsplit(secret.get_secret_value())
        password = unquote(url.password or "")
    except ValueError:
        raise ValueError("is no URL") from None
    if url.scheme not in {"postgresql", "postgres"} or not url.username or not url.path.strip("/"):
        raise ValueError("is no postgresql://user:password@host:port/database")
    if not password and (not url.hostname or "sslcert" in parse_qs(url.query)):
        return secret
    if problem := weakness(password):
        raise ValueError(f"has a password that {problem}")
    return secret


def weakness(secret: str) -> str | None:
    """What is wrong with a secret that people chose, in words that follow "that"; None for one that will do."""
    if len(secret) < SHORTEST_PASSWORD:
        return f"is shorter than {SHORTEST_PASSWORD} characters" if secret else "is missing"
    if len(set(secret)) < _FEWEST_DIFFERENT:
        return "repeats itself"
    left = re.sub(r"[^a-z0-9]|0?123456?7?8?9?0?", "", _WELL_KNOWN_WORDS.sub("", secret.lower()))
    return "is well known" if len(left) < _FEWEST_LEFT else None


def _holds(read: Any) -> AfterValidator:
    """A file that `read` can make sense of."""

    def check(path: Path) -> Path:
        try:
            read(path)
        except OSError as error:
            raise ValueError(f"names a file that cannot be read: {error.strerror}") from None
        except UnicodeDecodeError:
            raise ValueError("names a file that is no text") from None
        except KeyRefused as error:
            raise ValueError(f"names a file that {error}") from None
        return path

    return AfterValidator(check)


Address = Annotated[str, AfterValidator(_address)]
Target = Annotated[str, Field(min_length=1)]
DatabaseUrl = Annotated[SecretStr, AfterValidator(_database_url)]
PrivateKeyFile = Annotated[Path, _holds(lambda path: private_key(path.read_bytes()))]
PublicKeysFile = Annotated[Path, _holds(lambda path: public_keys(path.read_text()))]
MasterKeyFile = Annotated[Path, _holds(lambda path: master_keys(path.read_text()))]


class _FileRefused(Exception):
    """A file that <NAME>_FILE names and that cannot be read."""


class _SecretFiles(PydanticBaseSettingsSource):
    """Secrets from the files that <NAME>_FILE names."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        variable = f"{PREFIX}{field_name.upper()}_FILE"
        path = os.environ.get(variable)
        if field.annotation is not SecretStr or not path:
            return None, field_name, False
        try:
            return Path(path).read_text().strip(), field_name, False
        except (OSError, UnicodeDecodeError):
            raise _FileRefused(f"{variable} names a file that cannot be read") from None

    def __call__(self) -> dict[str, Any]:
        found = {name: self.get_field_value(field, name)[0] for name, field in self.settings_cls.model_fields.items()}
        return {name: value for name, value in found.items() if value is not None}


class Settings(BaseSettings):
    """Where settings come from: the environment, then the files that it names. An empty variable is not set."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True, hide_input_in_errors=True)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 (pydantic's signature)
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 (pydantic's signature)
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, _SecretFiles(settings_cls)


class ProcessSettings(Settings):
    """What every process has.

    metrics_address: host:port of /metrics, /health/live and /health/ready.
    otlp_endpoint: where spans are exported to (OTLP over gRPC, "http://host:4317"); empty exports none.
    trace_share: share of the traces beginning here that is recorded, 0 to 1.
    drain_seconds: how long a process that was told to stop goes on serving, so that it is no longer chosen.
    development: a laptop or a test; one replica of each topic will do.
    """

    metrics_address: Address
    otlp_endpoint: str = ""
    trace_share: float = Field(default=0.05, ge=0, le=1)
    drain_seconds: float = Field(default=5.0, ge=0, le=60)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    development: bool = False


class KafkaSettings(Settings):
    """Where events are.

    kafka: host:port of one or more brokers, separated by commas.
    topic_prefix: in front of all names of topics and groups; empty outside tests.
    """

    kafka: str = Field(min_length=1)
    topic_prefix: str = ""
    development: bool = False


class PeerSettings(ProcessSettings, KafkaSettings):
    """What every process has that meets others of RAPPIT: all but the simulator.

    service_key_file: PEM of this service's Ed25519 private key, with which it signs its tokens.
    service_public_keys_file: JWKS of all services' public keys; a key's id is the service's name.
    """

    service_key_file: PrivateKeyFile
    service_public_keys_file: PublicKeysFile


class ServiceSettings(PeerSettings):
    """What a service has that serves RPCs and keeps a database.

    grpc_address: host:port to serve RPCs on.
    database_url, finder_database_url: libpq URLs of the roles <service>_service and <service>_finder.
    """

    grpc_address: Address
    database_url: DatabaseUrl
    finder_database_url: DatabaseUrl


class MigrateSettings(KafkaSettings):
    """What `migrate` needs.

    owner_database_url: libpq URL of the role <service>_owner.
    """

    owner_database_url: DatabaseUrl


S = TypeVar("S", bound=Settings)


def load(kind: type[S]) -> S:
    """The settings of this process. What is wrong with them is written to stderr by name, and the process ends."""
    try:
        settings = kind()
    except ValidationError as error:
        problems = {_problem(dict(problem)) for problem in error.errors(include_input=False, include_url=False)}
    except _FileRefused as error:
        problems = {str(error)}
    else:
        logs.conceal(*_secrets(settings))
        return settings
    sys.stderr.write("settings are refused:\n" + "".join(f"  {problem}\n" for problem in sorted(problems)))
    raise SystemExit(REFUSED)


def _problem(error: Mapping[str, Any]) -> str:
    name = PREFIX + str(error["loc"][0]).upper()
    if error["type"] == "missing":
        return f"{name} is missing"
    return f"{name} {error['msg'].removeprefix('Value error, ')}"


def _secrets(settings: Settings) -> list[str]:
    values = [getattr(settings, name) for name in type(settings).model_fields]
    secrets = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
    passwords = [urlsplit(secret).password or "" for secret in secrets if "://" in secret]
    return [*secrets, *passwords, *map(unquote, passwords)]
