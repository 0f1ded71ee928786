"""What the demo is once it is made, and what of it the shell is told."""

import os
from dataclasses import dataclass
from pathlib import Path

from laptop.demo.catalogue import Shelf

ENVIRONMENT_FILE = "demo.env"


@dataclass(frozen=True)
class Door:
    """A connected store: where its webhooks go, under which shop's name, signed with which secret."""

    store_id: str
    webhook_url: str
    shop: str
    secret: str


@dataclass(frozen=True)
class Place:
    """An item in a warehouse, and what its shelf there is to hold."""

    item_id: str
    warehouse_id: str
    sku: str
    warehouse: str
    shelf: Shelf


@dataclass(frozen=True)
class Member:
    """An organisation of the demo: how to sign in, its stores, and where its items are."""

    name: str
    email: str
    password: str
    doors: tuple[Door, ...]
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Demo:
    """The organisation that has two stores, the other one, where they are met, and how fast all of it lives."""

    gateway: str
    simulator: str
    speed: float
    member: Member
    other: Member


def forget_environment(folder: Path) -> None:
    """Remove `demo.env`: until the demo was prepared anew a stranger may listen where it points."""
    (folder / ENVIRONMENT_FILE).unlink(missing_ok=True)


def write_environment(folder: Path, demo: Demo) -> None:
    """Keep `demo.env`, for shells and for its owner only."""
    first, second = demo.member.doors
    (others,) = demo.other.doors
    values = {
        "RAPPIT": demo.gateway,
        "SIMULATOR": demo.simulator,
        "EMAIL": demo.member.email,
        "PASSWORD": demo.member.password,
        **_values("", first),
        **_values("SECOND_", second),
        "OTHER_EMAIL": demo.other.email,
        "OTHER_PASSWORD": demo.other.password,
        **_values("OTHER_", others),
    }
    file = folder / ENVIRONMENT_FILE
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as lines:
        lines.writelines(f"{name}='{value}'\n" for name, value in values.items())


def _values(prefix: str, door: Door) -> dict[str, str]:
    return {f"{prefix}STORE": door.webhook_url, f"{prefix}SHOP": door.shop, f"{prefix}SECRET": door.secret}
